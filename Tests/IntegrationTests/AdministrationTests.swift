// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing
import TritonClient

/// Settings, repository and shared memory of a real server. One after the other: settings are the server's.
@Suite(.serialized) struct AdministrationTests {
  private func client() async throws -> InferenceServerClient {
    try InferenceServerClient(try await TestServer.url())
  }

  @Test func logSettingsAreReadAndChanged() async throws {
    let client = try await self.client()
    let before = try await client.logSettings()
    #expect(before["log_verbose_level"] == 0)
    #expect(before["log_error"] == true)
    let changed = try await client.updateLogSettings(["log_verbose_level": 1])
    #expect(changed["log_verbose_level"] == 1)
    #expect(try await client.updateLogSettings(["log_verbose_level": 0]) == before)
    await #expect {
      try await client.updateLogSettings(["log_info": "perhaps"])
    } throws: { error in
      (error as? InferenceError)?.code == .invalidArgument
    }
  }

  @Test func traceSettingsAreReadChangedAndTakenBack() async throws {
    let client = try await self.client()
    let before = try await client.traceSettings(model: "echo")
    #expect(before["trace_level"] == ["OFF"])
    let changed = try await client.updateTraceSettings(["trace_rate": ["7"]], model: "echo")
    #expect(changed["trace_rate"] == ["7"])
    #expect(try await client.traceSettings()["trace_rate"] == before["trace_rate"])
    #expect(try await client.updateTraceSettings(["trace_rate": []], model: "echo") == before)
  }

  @Test func aModelIsLoadedWithAnotherConfiguration() async throws {
    let client = try await self.client()
    let configuration = """
      {"backend": "python", "max_batch_size": 0, "parameters": {"origin": {"string_value": "override"}},
       "model_transaction_policy": {"decoupled": true},
       "input": [{"name": "COUNT", "data_type": "TYPE_INT32", "dims": [1]}],
       "output": [{"name": "LEFT", "data_type": "TYPE_INT32", "dims": [1]}]}
      """
    try await client.loadModel("spare", configuration: configuration)
    #expect(try await client.modelConfiguration("spare").parameters["origin"] == "override")
    // A model whose files have not changed is not loaded again, so the override stays until it is unloaded.
    try await client.unloadModel("spare")
    for _ in 0..<100 where try await client.isModelReady("spare") {
      try await Task.sleep(for: .milliseconds(100))
    }
    try await client.loadModel("spare")
    #expect(try await client.modelConfiguration("spare").parameters["origin"] == nil)
    await #expect {
      try await client.loadModel("spare", configuration: "{")
    } throws: { error in
      (error as? InferenceError)?.model == "spare"
    }
    try await client.waitUntilReady(model: "spare", timeout: .seconds(20))
  }

  @Test func aModelIsLoadedFromFilesSentWithTheCall() async throws {
    let client = try await self.client()
    let file = TestServer.packageFolder.appendingPathComponent(
      "Tests/IntegrationTests/models/echo/1/model.py")
    try await client.loadModel(
      "sent",
      configuration: """
        {"backend": "python", "max_batch_size": 0,
         "input": [{"name": "IN_FP32", "data_type": "TYPE_FP32", "dims": [-1]}],
         "output": [{"name": "OUT_FP32", "data_type": "TYPE_FP32", "dims": [-1]}]}
        """,
      files: ["1/model.py": try Data(contentsOf: file)]
    )
    let sent = try await client.model("sent")
    #expect(try await sent(Tensor([1, 2] as [Float])).array(of: Float.self) == [1, 2])
    try await client.unloadModel("sent", unloadsDependents: true)
  }

  @Test func filesWithoutAConfigurationAreRefused() async throws {
    let client = try await self.client()
    await #expect {
      try await client.loadModel("sent", files: ["1/model.py": Data()])
    } throws: { error in
      (error as? InferenceError)?.code == .invalidArgument && (error as? InferenceError)?.attempt == 0
    }
  }

  @Test func sharedMemoryIsRegisteredAndUnregistered() async throws {
    let client = try await self.client()
    let name = "client-tests-\(UUID().uuidString)"
    let object = "/dev/shm/\(name)"
    try Data(count: 8_192).write(to: URL(fileURLWithPath: object))
    defer { try? FileManager.default.removeItem(atPath: object) }
    let region = SystemSharedMemoryRegistration(name: name, key: "/\(name)", offset: 4_096, byteCount: 4_096)
    try await client.register(region)
    #expect(try await client.systemSharedMemoryRegions(named: name) == [region])
    #expect(try await client.systemSharedMemoryRegions().contains(region))
    await #expect {
      try await client.register(region)
    } throws: { error in
      (error as? InferenceError)?.code == .alreadyExists
    }
    try await client.unregisterSystemSharedMemory(named: name)
    #expect(try await !client.systemSharedMemoryRegions().contains(region))
  }

  @Test func aRegionThatCannotBeIsRefusedBeforeItIsSent() async throws {
    let client = try await self.client()
    await #expect {
      try await client.register(SystemSharedMemoryRegistration(name: "x", key: "nowhere", byteCount: 1))
    } throws: { error in
      (error as? InferenceError)?.code == .invalidArgument && (error as? InferenceError)?.attempt == 0
    }
    await #expect(throws: InferenceError.self) { try await client.unregisterSystemSharedMemory(named: "") }
    await #expect(throws: InferenceError.self) {
      try await client.registerCUDASharedMemory(named: "x", handle: Data(count: 3), deviceID: 0, byteCount: 4)
    }
  }

  @Test func cudaSharedMemoryIsListedOrNotThere() async throws {
    let client = try await self.client()
    do {
      #expect(try await client.cudaSharedMemoryRegions().isEmpty)
    } catch let error as InferenceError {
      // A server built without CUDA.
      #expect(error.code == .unimplemented || error.code == .invalidArgument)
    }
  }

  @Test func waitingForAServerThatNeverComesEnds() async throws {
    let client = try InferenceServerClient("grpc://127.0.0.1:9")
    await #expect {
      try await client.waitUntilReady(timeout: .milliseconds(300))
    } throws: { error in
      let error = error as? InferenceError
      return error?.code == .deadlineExceeded && error?.underlyingError is InferenceError
    }
  }
}

/// Every data type that the server's Python backend has, both ways.
@Suite struct EchoTests {
  private func echo(_ tensor: Tensor, _ name: String, compression: Compression = .none) async throws -> Tensor
  {
    let client = try InferenceServerClient(try await TestServer.url())
    let request = InferenceRequest(
      model: "echo",
      inputs: NamedTensors(dictionaryLiteral: ("IN_\(name)", tensor)),
      outputs: ["OUT_\(name)"]
    )
    return try await client.infer(request, options: .init(compression: compression)).output("OUT_\(name)")
  }

  private func check<Element: TensorElement & Equatable>(_ values: [Element]) async throws {
    let tensor = Tensor(values)
    #expect(try await self.echo(tensor, tensor.dataType.name).array(of: Element.self) == values)
  }

  @Test func numbersAndTruthValuesComeBack() async throws {
    try await self.check([true, false, true])
    try await self.check([UInt8.min, .max, 7])
    try await self.check([UInt16.min, .max, 7])
    try await self.check([UInt32.min, .max, 7])
    try await self.check([UInt64.min, .max, 7])
    try await self.check([Int8.min, .max, -7])
    try await self.check([Int16.min, .max, -7])
    try await self.check([Int32.min, .max, -7])
    try await self.check([Int64.min, .max, -7])
    try await self.check(
      [0, -1.5, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude] as [Float])
    try await self.check(
      [0, -1.5, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude] as [Double])
  }

  @Test func zerosKeepTheirSignAndNaNsTheirBits() async throws {
    let patterns: [UInt32] = [0x8000_0000, 0, 0x7FC0_0000, 0xFFC1_2345]
    let tensor = Tensor(patterns.map(Float.init(bitPattern:)))
    let back = try await self.echo(tensor, "FP32").array(of: Float.self)
    #expect(back.map(\.bitPattern) == patterns)
  }

  @Test func halvesComeBack() async throws {
    let values: [Float] = [1, -0.5, 65_504, 6e-8, .infinity]
    let tensor = try Tensor(floats: values, shape: [5], as: .fp16)
    #expect(try await self.echo(tensor, "FP16").floats() == tensor.floats())
  }

  @Test func stringsComeBack() async throws {
    let strings = ["", "ascii", "日本語 🎨", "\0middle\0"]
    #expect(try await self.echo(Tensor(strings: strings), "BYTES").strings() == strings)
    let bytes: [[UInt8]] = [[0xFF, 0], [], Array(repeating: 9, count: 70_000)]
    #expect(try await self.echo(Tensor(byteStrings: bytes), "BYTES").byteStrings() == bytes)
  }

  @Test func nothingComesBackAsNothing() async throws {
    let empty = try Tensor([] as [Float], shape: [0])
    let back = try await self.echo(empty, "FP32")
    #expect(back.shape == [0])
    #expect(back.byteCount == 0)
  }

  @Test(arguments: [Compression.gzip, .deflate])
  func compressedRequestsArrive(compression: Compression) async throws {
    let values = (0..<100_000).map { Float($0 % 17) }
    let back = try await self.echo(Tensor(values), "FP32", compression: compression)
    #expect(try back.array(of: Float.self) == values)
  }

  @Test func manyMegabytesComeBack() async throws {
    let values = (0..<(3 << 20)).map { Int32(truncatingIfNeeded: $0 &* 2_654_435_761) }
    #expect(try await self.echo(Tensor(values), "INT32").array(of: Int32.self) == values)
  }
}
