// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Subprocess

/// A server of Tests/Support/FaultServer for the length of a closure.
package enum FaultServerProcess {
  /// Why there is no server.
  package struct StartFailure: Error, CustomStringConvertible {
    package let description: String
  }

  private struct Announcement: Decodable {
    var grpc: Int
  }

  /// Starts the program at a path, runs `body` with its address and ends it. It ends with this process, too, in
  /// whatever way that happens: its standard input is a pipe whose other end is here.
  package static func with<Success: Sendable>(
    program: String,
    _ body: @escaping @Sendable (_ url: String) async throws -> Success
  ) async throws -> Success {
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw StartFailure(description: "\(program) is missing: build it with 'scripts/fault-server build'")
    }
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    return try await Subprocess.run(
      // By way of env, because a path made at run time needs a module that Linux and macOS name differently.
      .name("env"),
      arguments: [program, "--port", "0"],
      input: .inputWriter,
      output: .sequence,
      error: .combinedWithOutput
    ) { execution in
      let result: Result<Success, any Error>
      async let reading: Void = {
        // Also what comes later: a full pipe would stop the server.
        for try await line in execution.standardOutput.strings() {
          if let port = try? JSONDecoder().decode(Announcement.self, from: Data(line.utf8)).grpc {
            continuation.yield(port)
          }
        }
        continuation.finish()
      }()
      do {
        guard let port = await ports.first(where: { _ in true }) else {
          throw StartFailure(description: "\(program) ended without naming its port")
        }
        result = .success(try await body("grpc://127.0.0.1:\(port)"))
      } catch {
        result = .failure(error)
      }
      try await execution.standardInputWriter.finish()
      try await reading
      return result
    }.closureResult.get()
  }
}
