// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import InferenceProtos
import Testing

/// The .proto files against the protocol that Triton's own client speaks, and the generated code against them.
@Suite struct ProtoTests {
  /// The package's root folder.
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let protos = Self.root.appendingPathComponent("Protos", isDirectory: true)

  /// Runs a program and returns its standard output; its standard error goes where this process's goes.
  private static func output(_ program: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments.joined(separator: " ")) failed")
    return data
  }

  /// What Tests/Support/describe_protos.py says about a descriptor set, or about the package tritonclient.
  private static func description(_ arguments: [String]) throws -> [String: String] {
    let python = Self.root.appendingPathComponent(".triton/venv/bin/python").path
    try #require(
      FileManager.default.isExecutableFile(atPath: python),
      "no Python at \(python): run scripts/setup --tests")
    let script = Self.root.appendingPathComponent("Tests/Support/describe_protos.py").path
    return try JSONDecoder().decode([String: String].self, from: Self.output(python, [script] + arguments))
  }

  /// What our .proto files define.
  private static func ours() throws -> [String: String] {
    let set = FileManager.default.temporaryDirectory.appendingPathComponent("protos-\(UUID().uuidString).bin")
    defer { try? FileManager.default.removeItem(at: set) }
    _ = try Self.output(
      "protoc",
      [
        "--proto_path=\(Self.protos.path)", "--descriptor_set_out=\(set.path)", "--include_imports",
        "grpc_service.proto",
      ])
    return try Self.description([set.path])
  }

  @Test func everyDefinitionEqualsTheOneInTritonsClient() throws {
    let ours = try Self.ours()
    let theirs = try Self.description([])
    try #require(theirs.count > 500, "tritonclient's description has only \(theirs.count) entries")
    let differences = Set(ours.keys).union(theirs.keys).sorted().compactMap { key -> String? in
      guard ours[key] != theirs[key] else { return nil }
      return "\(key): ours is \(ours[key] ?? "absent"), tritonclient's is \(theirs[key] ?? "absent")"
    }
    #expect(differences == [])
  }

  @Test func everyCallOfTheServiceIsDefined() throws {
    let calls = try Self.ours().keys.filter { $0.hasPrefix("call inference.GRPCInferenceService/") }
    #expect(calls.count == 20)
    #expect(calls.contains("call inference.GRPCInferenceService/ModelInfer"))
    #expect(calls.contains("call inference.GRPCInferenceService/ModelStreamInfer"))
  }

  @Test(arguments: ["grpc_service.proto", "model_config.proto"])
  func theGeneratedCodeIsAsNewAsTheProtos(file: String) throws {
    let path = Self.protos.appendingPathComponent(file).path
    let python = "import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())"
    let digest = try String(decoding: Self.output("python3", ["-c", python, path]), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(
      ProtoStamp.digests[file] == digest,
      "\(file) has changed since Sources/InferenceProtos was generated: run Protos/generate.sh")
  }

  @Test func theStampKnowsEveryProto() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.protos.path)
      .filter { $0.hasSuffix(".proto") }
    #expect(Set(files) == Set(ProtoStamp.digests.keys))
  }
}
