// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The client of this repository, through its public interface.
@main
enum SwiftPeer {
  static func main() async {
    do {
      let options = try Options(CommandLine.arguments.dropFirst())
      let client = try InferenceServerClient("grpc://\(options.target)")
      let payload = try Payload(byteCount: options.payload)
      let calls = try options.variant.calls(of: client, sending: payload.tensor)
      let measurement = try await Measurement.take(options) { phase in
        try await calls.surroundings {
          try await phase.run { compares in
            try payload.check(await calls.call(), completely: compares)
          }
        }
      }
      client.close()
      print(measurement.json(peer: "swift-\(options.variant.rawValue)", options: options))
    } catch let error as Options.UsageError {
      self.fail("\(error)\n\(Options.usage)", status: 64)
    } catch {
      self.fail("\(error)", status: 1)
    }
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    let line = "swift-peer: \(message)\n"
    write(STDERR_FILENO, line, line.utf8.count)
    exit(status)
  }
}
