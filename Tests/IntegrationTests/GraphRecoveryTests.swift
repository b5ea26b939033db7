// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import RemoteNodes
import Synchronization
import Testing
import TritonClient

/// Servers that are killed, stopped and emptied while a run uses them. Linux, like `LocalTriton`.
@Suite("A run survives its server's outages", .serialized)
struct GraphRecoveryTests {
  private static let configuration = LocalTritonServer.Configuration(
    modelRepository: TestServer.modelRepository)

  private func request(steps: Int = 20) -> Workflow {
    .textToImage(
      .init(
        prompt: "a red circle", checkpoint: "shapes", steps: steps, cfg: 4, seed: 7, width: 128, height: 128,
        filenamePrefix: "test"))
  }

  /// What a run told of outages and steps.
  private struct Story {
    var waiting: [String] = []
    var reasons: [String] = []
    var resumed: [Duration] = []
    var steps: [Int] = []
    var timePerStep = Duration.zero

    init(_ events: [GraphEvent]) {
      for event in events {
        switch event {
        case .waiting(let node, let reason):
          waiting.append(node)
          reasons.append(reason)
        case .resumed(_, let time): resumed.append(time)
        case .progress(_, let step, _, let time):
          steps.append(step)
          timePerStep = time
        default: break
        }
      }
    }
  }

  /// The bytes of the only picture of a run, and what was told.
  private func run(
    _ workflow: Workflow, in studio: Studio, onEvent: @escaping @Sendable (GraphEvent) -> Void = { _ in }
  ) async throws -> (png: Data, story: Story) {
    let log = EventLog()
    let result = try await studio.runner.run(workflow) { event in
      log.add(event)
      onEvent(event)
    }
    #expect(result.images.count == 1)
    return (try Data(contentsOf: try #require(result.images.first).url), Story(log.events))
  }

  @Test("Killed in the middle and started again: the run goes on at its step, the picture is the same")
  func killed() async throws {
    let server = try await LocalTritonServer.start(Self.configuration)
    let studio = try await Studio(url: server.grpcURL)
    let (undisturbed, quiet) = try await run(request(), in: studio)
    #expect(quiet.waiting == [])

    let restart = Mutex<Task<LocalTritonServer, any Error>?>(nil)
    let port = try #require(server.grpcURL.split(separator: ":").last.flatMap { Int($0) })
    let (png, story) = try await run(request(), in: studio) { event in
      guard case .progress(_, 7, _, _) = event else { return }
      kill(server.processID, SIGKILL)
      restart.withLock { $0 = Task { try await server.successor(onPort: port, Self.configuration) } }
    }
    #expect(png == undisturbed)
    #expect(story.steps == Array(1...20), "no step is made twice")
    #expect(story.waiting == ["3"])
    #expect(story.reasons.first?.contains(server.grpcURL) == true)
    #expect(story.resumed.count == 1)
    let wait = try #require(story.resumed.first)
    #expect(wait > .milliseconds(100))
    #expect(story.timePerStep * 20 < wait, "the wait does not count as the steps' time")
    let second = try #require(restart.withLock { $0 })
    await (try second.value).stop()
  }

  @Test("Frozen for longer than a call may take: the run goes on when the server does")
  func frozen() async throws {
    try await LocalTritonServer.withServer(Self.configuration) { server in
      let studio = try await Studio(url: server.grpcURL, configuration: .init(timeout: .seconds(2)))
      let (undisturbed, _) = try await run(request(), in: studio)
      let process = server.processID
      defer { kill(process, SIGCONT) }
      let (png, story) = try await run(request(), in: studio) { event in
        switch event {
        case .progress(_, 7, _, _): kill(process, SIGSTOP)
        case .waiting: kill(process, SIGCONT)
        default: break
        }
      }
      #expect(png == undisturbed)
      #expect(story.steps == Array(1...20))
      #expect(story.waiting == ["3"])
      #expect(story.resumed.count == 1)
    }
  }

  @Test("Every remote node waits for its own model, by name, and goes on when that is loaded")
  func everyNode() async throws {
    try await LocalTritonServer.withServer(Self.configuration) { server in
      let studio = try await Studio(url: server.grpcURL)
      let client = studio.client
      let (undisturbed, _) = try await run(request(steps: 2), in: studio)
      // With the tokenizer's files on the disk nobody would ask for them.
      try FileManager.default.removeItem(at: studio.folder.appendingPathComponent("tokenizers"))
      let models = [
        "4": "shapes_tokenizer", "6": "shapes_text_encoder", "3": "shapes_unet", "8": "shapes_vae_decoder",
      ]
      for model in models.values { try await client.unloadModel(model) }
      let (png, story) = try await run(request(steps: 2), in: studio) { event in
        guard case .waiting(let node, _) = event, let model = models[node] else { return }
        Task { try await client.loadModel(model) }
      }
      #expect(png == undisturbed)
      #expect(story.waiting == ["4", "6", "3", "8"])
      #expect(story.resumed.count == 4)
      #expect(story.steps == [1, 2])
      for (reason, node) in zip(story.reasons, story.waiting) {
        #expect(models[node].map { reason.contains("\"\($0)\"") } == true, "\(reason)")
      }
    }
  }

  @Test("A server that does not come back: an error when patience is over, with node, step, shapes and cause")
  func patience() async throws {
    let server = try await LocalTritonServer.start(Self.configuration)
    let studio = try await Studio(url: server.grpcURL, recovery: RecoveryPolicy(patience: .seconds(1.5)))
    let log = EventLog()
    let waiting = Mutex<ContinuousClock.Instant?>(nil)
    let error = await #expect(throws: GraphError.self) {
      try await studio.runner.run(request()) { event in
        log.add(event)
        switch event {
        case .progress(_, 7, _, _): kill(server.processID, SIGKILL)
        case .waiting: waiting.withLock { $0 = .now }
        default: break
        }
      }
    }
    let time = ContinuousClock.now - (try #require(waiting.withLock { $0 }))
    #expect(time >= .seconds(1.5))
    #expect(time < .seconds(4))
    #expect(Story(log.events).resumed == [])
    #expect(error?.step == 8)
    let text = try #require(error?.description)
    let begin =
      "KSampler (node 3) failed at step 8 of 20, given positive [1, 77, 128], negative [1, 77, 128], "
      + "latent_image [1, 4, 16, 16]: "
    #expect(text.hasPrefix(begin), "\(text)")
    #expect(text.contains("it has not passed within 1.5 seconds"), "\(text)")
    #expect(text.contains(server.grpcURL), "\(text)")
    #expect((error?.underlyingError as? InferenceError)?.code == .unavailable)
    #expect(try studio.filesLeft() == [])
  }

  @Test("Cancelling a run that waits ends it at once, as a cancellation")
  func cancelledWait() async throws {
    let server = try await LocalTritonServer.start(Self.configuration)
    let studio = try await Studio(url: server.grpcURL)
    let (waits, teller) = AsyncStream.makeStream(of: Void.self)
    let workflow = request()
    let task = Task {
      try await studio.runner.run(workflow) { event in
        switch event {
        case .progress(_, 2, _, _): kill(server.processID, SIGKILL)
        case .waiting: teller.yield()
        default: break
        }
      }
    }
    var iterator = waits.makeAsyncIterator()
    await iterator.next()
    let cancelled = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - cancelled < .seconds(2))
    #expect(try studio.filesLeft() == [])
  }

  @Test("A node's own time ends its wait, and what it waited for is told")
  func nodeTimeout() async throws {
    let server = try await LocalTritonServer.start(Self.configuration)
    let studio = try await Studio(url: server.grpcURL, nodeTimeout: .seconds(6))
    let error = await #expect(throws: GraphError.self) {
      try await studio.runner.run(request()) { event in
        if case .progress(_, 2, _, _) = event { kill(server.processID, SIGKILL) }
      }
    }
    #expect(error?.code == .nodeTimedOut)
    #expect(error?.step == 3)
    let text = try #require(error?.description)
    #expect(text.hasPrefix("KSampler (node 3) ran out of time at step 3 of 20, given positive [1, 77, 128]"))
    #expect(text.contains("it was not done within 6.0 seconds; it was waiting for a server: "), "\(text)")
    #expect(text.contains(server.grpcURL), "\(text)")
  }

  /// A node that asks for whatever a test wants.
  private struct Asking: Node {
    let classType = "Asking"
    let inputs: [NodeInput] = []
    let outputs: [NodeOutput] = []
    let isOutputNode = true
    let request: InferenceRequest

    func run(_ arguments: NodeArguments, in context: NodeContext) async throws -> [GraphValue] {
      _ = try await context.infer(request)
      return []
    }
  }

  @Test("What cannot pass by itself fails at once: an unknown model, an unknown input")
  func cannotPass() async throws {
    let studio = try await Studio()
    var wrong = InferenceRequest(model: "shapes_unet")
    wrong.inputs = ["smaple": try Tensor([Float(1)], shape: [1])]
    for (request, code) in [
      (InferenceRequest(model: "absent"), InferenceError.Code.modelNotFound), (wrong, .invalidArgument),
    ] {
      let runner = GraphRunner(
        client: studio.client, catalog: studio.runner.catalog,
        registry: NodeRegistry([Asking(request: request)]), outputDirectory: studio.folder)
      let log = EventLog()
      let error = await #expect(throws: GraphError.self) {
        try await runner.run(try Workflow(json: Data(#"{"1": {"class_type": "Asking"}}"#.utf8))) {
          log.add($0)
        }
      }
      #expect((error?.underlyingError as? InferenceError)?.code == code)
      #expect(Story(log.events).waiting == [])
    }
  }
}
