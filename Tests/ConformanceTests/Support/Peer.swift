// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import Subprocess

/// The Python program that does the same with PyPI's tritonclient; one process for all tests, started by the
/// first that needs it. It ends when this process does, because its standard input ends.
final class Peer: Sendable {
  /// What the peer says when it is itself at fault, or that it is gone.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private struct Exchange: Sendable {
    let question: String
    let answer: CheckedContinuation<String, any Error>
  }

  static let shared = Peer()

  private let exchanges: AsyncStream<Exchange>.Continuation

  private init() {
    let (exchanges, continuation) = AsyncStream.makeStream(of: Exchange.self)
    self.exchanges = continuation
    Task { await Peer.run(exchanges) }
  }

  /// The peer's account of an operation on a server.
  func account(of operation: Operation, on address: String) async throws -> JSON {
    let task: JSON = ["url": .string(address), "steps": .array(operation.steps)]
    let question = try task.text()
    let answer = try await withCheckedThrowingContinuation { continuation in
      let result = self.exchanges.yield(Exchange(question: question, answer: continuation))
      if case .terminated = result {
        continuation.resume(throwing: Failure(description: "the peer is gone"))
      }
    }
    let account = try JSON(parsing: answer)
    if let failure = account["failure"] {
      throw Failure(description: "the peer failed at \"\(operation.name)\":\n\(try failure.string)")
    }
    return try account.required("results")
  }

  /// Answers questions in the order in which they come, as long as there are any.
  private static func run(_ exchanges: AsyncStream<Exchange>) async {
    var reason: any Error = Failure(description: "the peer ended")
    do {
      let python = try TritonEnvironment.find().folder.appendingPathComponent("venv/bin/python").path
      let program = ConformanceServer.packageFolder
        .appendingPathComponent("Tests/Support/conformance/peer.py").path
      _ = try await Subprocess.run(
        // -B: no compiled files among the sources.
        .name("env"), arguments: Arguments([python, "-B", program]),
        input: .inputWriter, output: .sequence, error: .currentStandardError
      ) { execution in
        var output = execution.standardOutput.makeAsyncIterator()
        for await exchange in exchanges {
          do {
            _ = try await execution.standardInputWriter.write(exchange.question + "\n")
            // An answer is one line, and nothing follows it before the next question.
            var answer: [UInt8] = []
            while answer.last != UInt8(ascii: "\n") {
              guard let part = try await output.next() else {
                throw Failure(description: "the peer ended instead of answering")
              }
              part.withUnsafeBytes { answer.append(contentsOf: $0) }
            }
            exchange.answer.resume(returning: String(decoding: answer, as: UTF8.self))
          } catch {
            exchange.answer.resume(throwing: error)
            throw error
          }
        }
      }
    } catch {
      reason = error
    }
    for await exchange in exchanges { exchange.answer.resume(throwing: reason) }
  }
}
