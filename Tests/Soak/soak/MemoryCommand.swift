// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser
import SoakWorkload
import TritonClient

/// Sends a large tensor in a call of three attempts and looks at the most memory that the process ever held.
///
/// The server refuses two attempts with UNAVAILABLE. What is counted is the peak of the resident memory (VmHWM) above
/// what was in use when the tensor was there and nothing had been sent. A process has one peak, so each way of
/// answering needs a process of its own.
struct MemoryCommand: AsyncParsableCommand {
  /// What the third attempt is answered with.
  enum Answer: String, ExpressibleByArgument, CaseIterable {
    /// Four bytes: all memory beyond the tensor is the request's.
    case small
    /// The tensor.
    case echo
  }

  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Sends a large tensor three times and fails if the call held more than it may."
  )

  @OptionGroup var server: ServerOptions

  @Option(help: "Size of the tensor in MiB.")
  var mebibytes = 512

  @Option(help: "What is answered: small or echo.")
  var answer = Answer.small

  /// The most memory beyond the tensor, as a multiple of it: an echo is as large as the tensor, a request takes none.
  private var limit: Double { self.answer == .echo ? 1.05 : 0.05 }

  func run() async throws {
    let client = try InferenceServerClient(
      self.server.url,
      configuration: .init(
        timeout: .seconds(120),
        retry: .exponentialBackoff(initial: .milliseconds(10), maxAttempts: 3),
        validatesRequests: false
      )
    )
    // Connects and touches what a call needs at all.
    _ = try await client.infer(InferenceRequest(model: "echo", inputs: ["x": Tensor([1] as [UInt8])]))

    let tensor = try self.tensor()
    let byteCount = tensor.byteCount
    var request = InferenceRequest(
      model: self.answer == .echo ? "echo" : "zeros",
      id: "memory \(self.answer)",
      inputs: ["x": tensor]
    )
    request.parameters = ["code": 14, "failures": 2]
    if self.answer == .small { request.parameters["byte_count"] = 4 }
    let before = try ProcessUsage.now()
    let response = try await client.infer(request)
    let after = try ProcessUsage.now()
    client.close()

    guard response.parameters["attempt"] == 3 else {
      print("FAULT: the answer is not that of the third attempt: \(response.parameters)")
      throw ExitCode.failure
    }
    let received = response.outputs.map(\.tensor.byteCount).reduce(0, +)
    guard received == (self.answer == .echo ? byteCount : 4) else {
      print("FAULT: the answer has \(received) bytes")
      throw ExitCode.failure
    }
    // The peak from before the call, when the tensor was made, is not the call's.
    let beyond = after.peakResidentBytes - before.residentBytes
    let ratio = Double(beyond) / Double(byteCount)
    print(
      """
      a tensor of \(format(byteCount)) sent three times, \(format(received)) received: \
      \(format(before.residentBytes)) in use before the call, peak \(format(after.peakResidentBytes)), \
      \(format(beyond)) beyond the tensor = \(Double(Int(ratio * 1_000)) / 1_000) x the payload \
      (limit \(self.limit))
      """
    )
    guard ratio <= self.limit else {
      print("FAULT: the call held more memory than it may")
      throw ExitCode.failure
    }
  }

  /// A tensor that the system has given real memory for: every page has been written to.
  private func tensor() throws -> Tensor {
    try Tensor(shape: [self.mebibytes << 18], of: Float.self) { elements in
      for index in elements.indices { elements[index] = Float(index & 0xFFFF) }
    }
  }

  private func format(_ byteCount: Int) -> String {
    "\(inMebibytes(byteCount)) MiB"
  }
}
