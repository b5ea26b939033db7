// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// Answers whose parts contradict each other or the protocol.
@Suite(.timeLimit(.minutes(1))) struct MalformedAnswerTests {
  /// A fault, and what the error's message has to name.
  struct Contradiction: CustomTestStringConvertible, Sendable {
    var fault: [String: InferenceParameter]
    var named: [String]

    var testDescription: String { self.fault.map { "\($0): \($1)" }.joined(separator: ", ") }
  }

  /// The answer would be x: FP32 [4] with 16 bytes.
  private static let contradictions = [
    Contradiction(fault: ["shape": "-1,4"], named: ["\"x\"", "[-1, 4]"]),
    Contradiction(fault: ["shape": "-4,-1"], named: ["\"x\"", "[-4, -1]"]),
    Contradiction(fault: ["shape": "5"], named: ["\"x\"", "FP32 [5]", "16 bytes"]),
    Contradiction(fault: ["shape": "3"], named: ["\"x\"", "FP32 [3]", "16 bytes"]),
    Contradiction(fault: ["shape": "0"], named: ["\"x\"", "FP32 [0]", "16 bytes"]),
    Contradiction(fault: ["shape": ""], named: ["\"x\"", "FP32 []", "16 bytes"]),
    Contradiction(fault: ["shape": "4611686018427387904,8"], named: ["\"x\"", "[4611686018427387904, 8]"]),
    Contradiction(
      fault: ["shape": "9223372036854775807,9223372036854775807"],
      named: ["\"x\"", "9223372036854775807"]
    ),
    Contradiction(fault: ["shape": "4611686018427387905"], named: ["\"x\"", "4611686018427387905"]),
    Contradiction(fault: ["added_bytes": -1], named: ["\"x\"", "FP32 [4]", "15 bytes"]),
    Contradiction(fault: ["added_bytes": 1], named: ["\"x\"", "FP32 [4]", "17 bytes"]),
    Contradiction(fault: ["added_bytes": -16], named: ["\"x\"", "FP32 [4]", "0 bytes"]),
    Contradiction(fault: ["added_bytes": 100_000], named: ["\"x\"", "FP32 [4]", "100016 bytes"]),
    Contradiction(fault: ["added_contents": -1], named: ["\"x\"", "FP32 [4]", "no raw contents"]),
    Contradiction(fault: ["added_contents": 1], named: ["1 output", "2"]),
    Contradiction(fault: ["added_contents": 1000], named: ["1 output", "1001"]),
    Contradiction(fault: ["data_type": "FP99"], named: ["\"x\"", "\"FP99\""]),
    Contradiction(fault: ["data_type": ""], named: ["\"x\"", "\"\""]),
    Contradiction(fault: ["data_type": "FP64"], named: ["\"x\"", "FP64 [4]", "16 bytes"]),
    Contradiction(fault: ["data_type": "BOOL"], named: ["\"x\"", "BOOL [4]", "16 bytes"]),
  ]

  @Test(arguments: MalformedAnswerTests.contradictions)
  func contradictionsAreNamed(_ contradiction: Contradiction) async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(of: .echo(faults: contradiction.fault))
    #expect(error.code == .malformedResponse)
    for name in contradiction.named { #expect(error.message.contains(name), "\(error)") }
    #expect(error.model == "echo")
    #expect(error.endpoint == client.url)
    #expect(error.attempt == 1)
  }

  /// Bytes after a valid message that make it none.
  @Test(
    arguments: [
      "ff",  // a tag without an end
      "00",  // field number 0
      "32ff01",  // raw contents that reach past the end
      "3280808080808080808001",  // raw contents of 2⁶³ bytes
      "32ffffffffffffffffff01",  // raw contents of 2⁶⁴ − 1 bytes
      "ffffffffffffffffffff01",  // a tag of more than ten bytes
      "0b",  // a group that does not end
      "0c",  // the end of a group
      "0f",  // wire type 7
      "09010203",  // eight bytes, of which three are there
      "0d01",  // four bytes, of which one is there
      "0a02c328",  // a model name that is no UTF-8
      "3c68746d6c3e",  // "<html>"
    ])
  func trailingGarbageIsMalformed(garbage: String) async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(of: .echo(faults: ["appended_hex": .string(garbage)]))
    #expect(error.code == .malformedResponse)
    #expect(error.message.contains("ModelInferResponse"))
    #expect(error.model == "echo")
    #expect(error.attempt == 1)
  }

  /// Fields that this version of the protocol does not have.
  @Test(
    arguments: [
      "3a03616263",  // field 7, three bytes
      "a00605",  // field 100, a varint
      "a50601020304",  // field 100, four bytes
      "a1060102030405060708",  // field 100, eight bytes
    ])
  func fieldsOfANewerProtocolAreIgnored(field: String) async throws {
    let client = try await FaultServer.client()
    for place in ["appended_hex", "prepended_hex"] {
      let answer = try await client.infer(.echo(faults: [place: .string(field)]))
      #expect(try answer.output("x").array(of: Float.self) == [1, 2, 3, 4])
    }
  }

  @Test func anAnswerMayEndAnywhere() async throws {
    let client = try await FaultServer.client()
    // The message is "echo", "1", an output and 16 bytes of contents: under 60 bytes.
    for count in 0..<60 {
      do {
        let answer = try await client.infer(.echo(faults: ["keep_bytes": .int(Int64(count))]))
        let isWhole = answer.outputs.count == 1
        let isWithoutOutputs = answer.outputs.isEmpty
        #expect(isWhole || isWithoutOutputs)
        if isWhole { #expect(try answer.output("x").array(of: Float.self) == [1, 2, 3, 4]) }
      } catch let error as InferenceError {
        #expect(error.code == .malformedResponse, "\(count) bytes: \(error)")
      }
    }
    for missing in 1...16 {
      let error = try await client.failure(of: .echo(faults: ["keep_bytes": .int(Int64(-missing))]))
      #expect(error.code == .malformedResponse)
    }
  }

  @Test func randomBytesAreNoAnswer() async throws {
    let client = try await FaultServer.client()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        let bytes = (0..<Int.random(in: 1...80)).map { _ in UInt8.random(in: 0...255) }
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        group.addTask {
          do {
            let answer = try await client.infer(.echo(faults: ["replaced_hex": .string(digits)]))
            #expect(answer.outputs.isEmpty, "\(digits) is an answer")
          } catch {
            #expect((error as? InferenceError)?.code == .malformedResponse, "\(digits): \(error)")
          }
        }
      }
    }
    try await client.expectToWork()
  }

  @Test func anEmptyMessageIsAnAnswerWithoutOutputs() async throws {
    let client = try await FaultServer.client()
    let answer = try await client.infer(.echo(faults: ["replaced_hex": ""]))
    #expect(answer.outputs.isEmpty)
    let error = try #require(throws: InferenceError.self) { try answer.output("x") }
    #expect(error.code == .notFound)
    #expect(error.message.contains("\"x\""))
    try await client.expectToWork()
  }

  @Test func successWithoutAMessageIsMalformed() async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(of: .echo(faults: ["messages": 0]))
    #expect([.malformedResponse, .internalError].contains(error.code), "\(error)")
  }

  @Test func aSecondMessageDoesNoHarm() async throws {
    let client = try await FaultServer.client()
    switch try await client.ending(of: .echo(faults: ["messages": 2]), timeout: .milliseconds(500)) {
    case .success(let answer):
      #expect(try answer.output("x").array(of: Float.self) == [1, 2, 3, 4])
    case .failure(let error):
      // gRPC tells of the end of a call after its messages, and the second one waits to be read.
      #expect([.malformedResponse, .internalError, .deadlineExceeded].contains(error.code), "\(error)")
    }
    try await client.expectToWork()
  }

  @Test func aMessageBeforeAFailureIsNoAnswer() async throws {
    let client = try await FaultServer.client()
    let error = try await client.failure(of: .echo(faults: ["messages": 1, "code": 13, "message": "broken"]))
    #expect(error.code == .internalError)
    #expect(error.message.contains("broken"))
  }

  @Test func bytesThatAreNoStringsAreFoundWhenTheyAreRead() async throws {
    let client = try await FaultServer.client()
    let output = try await client.infer(.echo(faults: ["data_type": "BYTES"])).output("x")
    let error = try #require(throws: InferenceError.self) { try output.strings() }
    #expect(error.code == .malformedResponse)
    #expect(error.message.contains("BYTES [4]"))
  }

  @Test func numbersThatAreNoTruthValuesAreFoundWhenTheyAreRead() async throws {
    let client = try await FaultServer.client()
    let request = InferenceRequest.echo(
      ["x": Tensor([0, 1, 2, 255] as [UInt8])],
      faults: ["data_type": "BOOL"]
    )
    let output = try await client.infer(request).output("x")
    let error = try #require(throws: InferenceError.self) { try output.array(of: Bool.self) }
    #expect(error.code == .malformedResponse)
    #expect(error.message.contains("BOOL [4]"))
  }

  @Test func twoOutputsOfOneNameAreMalformed() async throws {
    let client = try await FaultServer.client()
    let tensor = Tensor([1, 2] as [Float])
    let error = try await client.failure(of: .echo(["a": tensor, "b": tensor], faults: ["renamed_to": "c"]))
    #expect(error.code == .malformedResponse)
    #expect(error.message.contains("\"c\""))
  }
}
