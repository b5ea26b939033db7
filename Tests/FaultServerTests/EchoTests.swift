// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing
import TritonClient

/// The server without a fault: what the other tests stand on.
@Suite(.timeLimit(.minutes(1))) struct EchoTests {
  @Test(arguments: DataType.all)
  func everyDataTypeComesBackBitForBit(dataType: DataType) async throws {
    let client = try await FaultServer.client()
    let tensor = try SampleTensors.tensor(of: dataType)
    let answer = try await client.infer(.echo(["x": tensor, "again": tensor]))
    for name in ["x", "again"] {
      let output = try answer.output(name)
      #expect(output.shape == tensor.shape)
      #expect(output.dataType == dataType)
      #expect(output.withUnsafeBytes { Array($0) } == tensor.withUnsafeBytes { Array($0) })
    }
    #expect(answer.outputs.names == ["x", "again"])
  }

  @Test(arguments: [[], [0], [3, 0, 2], [1, 1, 1, 1, 1, 1, 1, 1]])
  func unusualShapesComeBack(shape: [Int]) async throws {
    let client = try await FaultServer.client()
    let tensor = try Tensor(Array(repeating: 7 as Int32, count: shape.reduce(1, *)), shape: shape)
    let output = try await client.infer(.echo(["x": tensor])).output("x")
    #expect(output.shape == shape)
    #expect(try output.array(of: Int32.self) == tensor.array(of: Int32.self))
  }

  @Test(arguments: [1, 1_000, 65_536, 1 << 20, 3_000_000])
  func everySizeComesBack(count: Int) async throws {
    let client = try await FaultServer.client()
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let output = try await client.infer(.echo(["x": Tensor(bytes)])).output("x")
    #expect(try output.array(of: UInt8.self) == bytes)
  }

  @Test func whatBelongsToTheRequestComesBack() async throws {
    let client = try await FaultServer.client()
    var request = InferenceRequest.echo(id: uniqueID("echo"))
    request.version = "7"
    let answer = try await client.infer(request)
    #expect(answer.model == "echo")
    #expect(answer.version == "7")
    #expect(answer.id == request.id)
    #expect(answer.parameters["attempt"] == 1)
  }

  @Test func theServerDescribesItself() async throws {
    let client = try await FaultServer.client()
    #expect(try await client.isServerLive())
    #expect(try await client.isServerReady())
    #expect(try await client.serverMetadata().name == "fault-server")
    #expect(try await client.isModelReady("echo"))
    #expect(try await client.isModelReady("no such model") == false)
    #expect(try await client.repositoryIndex().map(\.name).contains("echo"))
    let metadata = try await client.modelMetadata("echo")
    #expect(metadata.inputs.map(\.description) == ["INPUT FP32 [-1]"])
    #expect(try await client.modelConfiguration("echo").inputs.map(\.name) == ["INPUT"])
  }

  @Test func requestsAreComparedWithTheSignatureUnlessSaidOtherwise() async throws {
    let client = try await FaultServer.client(.init())
    let right = InferenceRequest(model: "echo", inputs: ["INPUT": Tensor([1, 2] as [Float])])
    #expect(try await client.infer(right).output("INPUT").array(of: Float.self) == [1, 2])
    let error = try await #require(throws: InferenceError.self) { try await client.infer(.echo()) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("no input \"x\""))
    #expect(error.message.contains("INPUT FP32 [-1]"))
    #expect(error.attempt == 0)
  }

  @Test func statisticsCountSuccessesAndFailures() async throws {
    // Other tests call the model as well, and a call is counted when the server has forgotten it.
    let client = try await FaultServer.client()
    let before = try #require(try await client.modelStatistics("zeros").first)
    for _ in 0..<3 { _ = try await client.infer(.zeros(10)) }
    for _ in 0..<2 { _ = try? await client.infer(.zeros(10, faults: ["code": 13])) }
    var after = before
    for _ in 0..<200 where after.success.count < before.success.count + 3 || after.failure == before.failure {
      after = try #require(try await client.modelStatistics("zeros").first)
    }
    #expect(after.inferenceCount - before.inferenceCount >= 3)
    #expect(after.success.total > before.success.total)
    #expect(after.failure.count > before.failure.count)
  }

  @Test func anUnknownModelIsNamedWithThoseThatThereAre() async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(of: InferenceRequest(model: "ehco"))
    #expect(error.code == .modelNotFound)
    #expect(error.message.contains("'ehco'"))
    #expect(error.message.contains("calls, echo, inspect"))
    #expect(error.model == "ehco")
  }

  @Test func operationsThatTheServerLacksAreUnimplemented() async throws {
    let client = try await FaultServer.client()
    let error = try await #require(throws: InferenceError.self) { try await client.loadModel("echo") }
    #expect(error.code == .unimplemented)
    try await client.expectToWork()
  }

  @Test func aMisspeltFaultIsRefused() async throws {
    let error = try await FaultServer.client().failure(of: .echo(faults: ["dealy_ms": 5]))
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("no fault is called dealy_ms"))
  }

  @Test(arguments: [Compression.gzip, .deflate])
  func compressedMessagesComeBack(compression: Compression) async throws {
    let client = try await FaultServer.client()
    let values = (0..<100_000).map { Float($0 % 17) }
    let name = compression == .gzip ? "gzip" : "deflate"
    let answer = try await client.infer(
      .echo(["x": Tensor(values)], faults: ["compression": .string(name)]),
      options: .init(compression: compression)
    )
    #expect(try answer.output("x").array(of: Float.self) == values)
  }
}
