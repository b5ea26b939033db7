// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A model repository that a test writes for itself; its folder goes away with the last reference to it.
final class ScratchRepository: Sendable {
  let url: URL

  /// A Python model that answers with its input, after what `initialize` does.
  static func echo(initialize: String = "pass") -> String {
    """
    import time
    import triton_python_backend_utils as pb_utils

    class TritonPythonModel:
        def initialize(self, args):
            \(initialize)

        def execute(self, requests):
            return [pb_utils.InferenceResponse([pb_utils.Tensor("y", request.inputs()[0].as_numpy())])
                    for request in requests]
    """
  }

  /// The configuration of a model with the input x and the output y: three floats.
  static func configuration(backend: String) -> String {
    """
    backend: "\(backend)"
    input [ { name: "x" data_type: TYPE_FP32 dims: [ 3 ] } ]
    output [ { name: "y" data_type: TYPE_FP32 dims: [ 3 ] } ]
    instance_group [ { count: 1 } ]
    """
  }

  init() throws {
    self.url = FileManager.default.temporaryDirectory
      .appendingPathComponent("remote-nodes-models-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
  }

  /// A repository with one Python model.
  convenience init(model: String, code: String = ScratchRepository.echo()) throws {
    try self.init()
    try self.add(model, configuration: Self.configuration(backend: "python"), file: "model.py", content: code)
  }

  deinit { try? FileManager.default.removeItem(at: self.url) }

  /// Writes a model: its configuration and, unless nil, the file of its version 1.
  func add(_ model: String, configuration: String, file: String, content: String?) throws {
    let folder = self.url.appendingPathComponent("\(model)/1", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let configurationFile = folder.deletingLastPathComponent().appendingPathComponent("config.pbtxt")
    try Data(configuration.utf8).write(to: configurationFile)
    if let content { try Data(content.utf8).write(to: folder.appendingPathComponent(file)) }
  }

  /// A configuration for this repository.
  func configuration(_ change: (inout LocalTritonServer.Configuration) -> Void = { _ in })
    -> LocalTritonServer.Configuration
  {
    var configuration = LocalTritonServer.Configuration(modelRepository: self.url)
    change(&configuration)
    return configuration
  }
}

/// What runs on this machine, as /proc tells it.
enum Processes {
  /// Numbers of the processes whose command line has the text, those that are only waiting to be reaped apart.
  static func mentioning(_ text: String) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap(Int32.init).filter { process in
      guard process != getpid(), let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
      else { return false }
      return String(decoding: line, as: UTF8.self).contains(text)
    }
  }

  /// The process that started another one.
  static func parent(of process: Int32) -> Int32? {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else {
      return nil
    }
    let line = status.split(separator: "\n").first { $0.hasPrefix("PPid:") }
    return line.flatMap { Int32($0.dropFirst("PPid:".count).trimmingCharacters(in: .whitespaces)) }
  }

  /// Shared memory that the Python backends of a supervisor's server use.
  static func sharedMemory(ofSupervisor supervisor: Int32) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? []
    return names.filter { $0.hasPrefix("remote_nodes_triton_\(supervisor)_") }
  }
}

/// Waits until a condition holds, at most so long; whether it does.
func eventually(within limit: Duration = .seconds(15), _ condition: () -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + limit
  while !condition() {
    guard ContinuousClock.now < deadline else { return false }
    try await Task.sleep(for: .milliseconds(20))
  }
  return true
}

/// What is at an address, asked over a connection of its own: one that stays open would hold up a server's stop.
func httpAnswer(_ address: String) async throws -> (status: Int, body: String) {
  var request = URLRequest(url: try #require(URL(string: address)))
  request.setValue("close", forHTTPHeaderField: "Connection")
  let (data, response) = try await URLSession.shared.data(for: request)
  return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
}

extension LocalTritonServer {
  /// Waits for the server's end and starts another one where it was.
  func successor(onPort port: Int, _ configuration: Configuration) async throws -> LocalTritonServer {
    _ = try await self.termination
    var configuration = configuration
    configuration.grpcPort = port
    return try await .start(configuration)
  }
}
