// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Subprocess
import Synchronization
import TritonClient

/// The server of Tests/Support/FaultServer that all tests of this process share, started when the first needs it.
///
/// It ends when its standard input does, and this process alone holds the other end: so it goes with the process,
/// in whatever way that happens.
enum FaultServer {
  /// Why there is no server.
  struct StartFailure: Error, CustomStringConvertible {
    let description: String
  }

  private struct Announcement: Decodable {
    var grpc: Int
  }

  private static let packageFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `FAULT_SERVER` names another build of the program, such as one with a sanitizer.
  private static let program =
    ProcessInfo.processInfo.environment["FAULT_SERVER"]
    ?? FaultServer.packageFolder.appendingPathComponent(".build/fault-server/fault-server").path

  private static let port = Task { try await FaultServer.start() }

  /// The server's address, ready to use.
  static func url() async throws -> String {
    "grpc://127.0.0.1:\(try await FaultServer.port.value)"
  }

  /// The client that most tests share, all at a time: what goes wrong with one call must not touch another.
  /// It sends each request once and as it is, without a look at the model's signature.
  static func client() async throws -> InferenceServerClient {
    try await FaultServer.sharedClient.value
  }

  /// A client with a connection of its own.
  static func client(
    _ configuration: InferenceServerClient.Configuration
  ) async throws -> InferenceServerClient {
    try InferenceServerClient(try await FaultServer.url(), configuration: configuration)
  }

  private static let sharedClient = Task { try await FaultServer.client(.sentOnce) }

  private static func start() async throws -> Int {
    guard FileManager.default.isExecutableFile(atPath: FaultServer.program) else {
      throw StartFailure(
        description: "\(FaultServer.program) is missing: build it with 'scripts/fault-server build'"
      )
    }
    let (announcements, continuation) = AsyncThrowingStream.makeStream(of: Int.self)
    Task { await FaultServer.run(announcingTo: continuation) }
    for try await port in announcements { return port }
    throw StartFailure(description: "\(FaultServer.program) ended without naming its port")
  }

  /// Runs the program as long as this process lives.
  private static func run(announcingTo continuation: AsyncThrowingStream<Int, any Error>.Continuation) async {
    do {
      _ = try await Subprocess.run(
        // By way of env, because a path made at run time needs a module that Linux and macOS name differently.
        .name("env"),
        arguments: [FaultServer.program, "--port", "0"],
        input: .inputWriter,
        output: .sequence,
        error: .combinedWithOutput
      ) { execution in
        for try await line in execution.standardOutput.strings() {
          guard let announcement = try? JSONDecoder().decode(Announcement.self, from: Data(line.utf8)) else {
            print("fault-server: \(line)")
            continue
          }
          continuation.yield(announcement.grpc)
        }
      }
      continuation.finish()
    } catch {
      continuation.finish(throwing: error)
    }
  }
}
