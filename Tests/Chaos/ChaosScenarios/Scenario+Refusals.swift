// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import Synchronization
import TritonClient

/// Servers that answer, but with a refusal, and servers that are not there at all.
extension Scenario {
  static let ofRefusals = [
    Scenario("exhausted", "a server that answers RESOURCE_EXHAUSTED and when to come back", play: exhausted),
    Scenario("none", "no server alive, calls with a deadline", play: none),
  ]

  /// Each step of a run is refused once: the server says when it may be sent again. That is more than the retry budget
  /// allows in the long run, and then a run waits by itself.
  @Sendable private static func exhausted(_ stage: ChaosStage) async throws -> ScenarioResult {
    let pushback = Duration.milliseconds(30)
    var configuration = InferenceServerClient.Configuration.patient
    configuration.validatesRequests = false
    let client = try InferenceServerClient(stage.control.url, configuration: configuration)
    defer { client.close() }
    let waits = Waits()
    let recovery = Recovery(client: client, policy: .defaults) { waits.note($0) }
    let clock = ContinuousClock()
    var tally = RunTally()
    var problems: [String] = []
    for run in 0..<stage.scale.runs {
      let begin = clock.now
      do {
        let isRight = try await Scenario.refusedRun(run, client, recovery, pushback: pushback)
        tally.count(run, .success(isRight))
        let least = pushback * PictureMaker.steps
        if clock.now - begin < least { problems.append("run \(run) did not wait as it was told") }
      } catch {
        tally.count(run, .failure(error))
      }
    }
    var result = ScenarioResult(tally: tally)
    result.problems = problems
    result.remark =
      "each step refused once, push-back of \(inWords(pushback)) kept, retry budget used up \(waits.count) times"
    return result
  }

  /// Steps whose values each come from the answer to the one before. Whether the last is as computed here.
  private static func refusedRun(
    _ run: Int,
    _ client: InferenceServerClient,
    _ recovery: Recovery,
    pushback: Duration
  ) async throws -> Bool {
    var values = (0..<64).map { Float($0 + run) }
    var expected = values
    for _ in 0..<PictureMaker.steps {
      var request = InferenceRequest(model: "echo", id: UUID().uuidString, inputs: ["x": Tensor(values)])
      request.parameters = [
        "code": 8, "failures": 1, "pushback_ms": .int(Int64(pushback / .milliseconds(1))),
      ]
      let answer = try await recovery.perform(model: request.model) { try await client.infer(request) }
      guard answer.parameters["attempt"] == 2 else { return false }
      values = try answer.output("x").array(of: Float.self).map { $0 * 0.5 + 1 }
      expected = expected.map { $0 * 0.5 + 1 }
    }
    return values == expected
  }

  /// How much later than its deadline a call that no server answers may end.
  private static let lateness = Duration.milliseconds(100)

  @Sendable private static func none(_ stage: ChaosStage) async throws -> ScenarioResult {
    let refusing = try await FaultProxy.open(stage.control)
    try await refusing.change(listens: false)
    let silent = try await FaultProxy.open(stage.control, faults: ["black_hole": true])
    await stage.first.suspend()
    await stage.second.suspend()
    let places: [(name: String, urls: [String])] = [
      ("a port that refuses", [refusing.url]),
      ("a port that never answers", [silent.url]),
      ("both", [refusing.url, silent.url]),
      ("a frozen server", [stage.first.url]),
      ("two frozen servers", [stage.first.url, stage.second.url]),
      ("all of them", [refusing.url, silent.url, stage.first.url, stage.second.url]),
    ]
    var result = ScenarioResult()
    var latest = Duration.seconds(-1_000)
    for place in places {
      for timeout in stage.scale.deadlines {
        for outcome in try await Scenario.hopelessCalls(stage, to: place.urls, timeout: timeout) {
          result.tally.countRefused()
          latest = max(latest, outcome.lateness)
          guard let error = outcome.error else {
            result.problems.append("\(place.name): an answer from nobody")
            continue
          }
          if ![.unavailable, .deadlineExceeded].contains(error.code) {
            result.problems.append("\(place.name): \(error)")
          }
          if outcome.lateness > Scenario.lateness {
            result.problems.append(
              "\(place.name), deadline \(inWords(timeout)): the error came \(inWords(outcome.lateness)) late"
            )
          }
        }
      }
    }
    await stage.first.resume()
    await stage.second.resume()
    try await refusing.close()
    try await silent.close()
    result.remark = "an error each time, at most \(inWords(max(latest, .zero))) after the deadline"
    return result
  }

  /// Calls that begin together. How each ended, and how long after its deadline.
  private static func hopelessCalls(
    _ stage: ChaosStage,
    to urls: [String],
    timeout: Duration
  ) async throws -> [(error: InferenceError?, lateness: Duration)] {
    var configuration = InferenceServerClient.Configuration.patient
    configuration.attemptTimeout = .milliseconds(400)
    let client = try InferenceServerClient(urls, configuration: configuration)
    defer { client.close() }
    let request = InferenceRequest(model: PictureMaker.denoiser, inputs: ["sample": Tensor([1] as [Float])])
    return try await withThrowingTaskGroup(of: (error: InferenceError?, lateness: Duration).self) { group in
      for _ in 0..<stage.scale.hopelessCalls {
        group.addTask {
          let clock = ContinuousClock()
          let begin = clock.now
          do {
            _ = try await client.infer(request, timeout: timeout)
            return (nil, clock.now - begin - timeout)
          } catch let error as InferenceError {
            return (error, clock.now - begin - timeout)
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }
}

/// How often runs had to wait.
private final class Waits: Sendable {
  private let state = Mutex(0)

  var count: Int { self.state.withLock { $0 } }

  func note(_ event: Recovery.Event) {
    if case .waiting = event { self.state.withLock { $0 += 1 } }
  }
}
