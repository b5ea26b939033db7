// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import Testing

@Suite("Bad usage is refused before any server is asked")
struct CommandLineUsageTests {
  /// Nothing listens there: asking it would end with 69.
  static let nowhere = "grpc://127.0.0.1:1"

  struct Case: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var message: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let cases: [Case] = [
    Case(arguments: [], message: "Missing expected argument '<prompt>'"),
    Case(
      arguments: ["a cat", "--stepps", "3"], message: "Unknown option '--stepps'. Did you mean '--steps'?"),
    Case(arguments: ["a cat", "a dog"], message: "Unexpected argument 'a dog'"),
    Case(arguments: ["a cat", "--steps", "0"], message: "--steps must be between 1 and 10000, given 0"),
    Case(
      arguments: ["a cat", "--steps", "many"], message: "The value 'many' is invalid for '--steps <number>'"),
    Case(arguments: ["a cat", "--steps"], message: "Missing value for '--steps <number>'"),
    Case(
      arguments: ["a cat", "--width", "100"],
      message: "--width must be a multiple of 8 between 8 and 16384, given 100: try 104"),
    Case(
      arguments: ["a cat", "--height", "0"],
      message: "--height must be a multiple of 8 between 8 and 16384, given 0: try 8"),
    Case(arguments: ["a cat", "--count", "0"], message: "--count must be between 1 and 100000, given 0"),
    Case(arguments: ["a cat", "--cfg=-1"], message: "--cfg must be between 0 and 100, given -1.0"),
    Case(arguments: ["a cat", "--cfg", "nan"], message: "--cfg must be between 0 and 100, given nan"),
    Case(
      arguments: ["a cat", "--sampler", "eular"], message: "--sampler must be one of euler, given \"eular\""),
    Case(arguments: ["a cat", "--scheduler", "fast"], message: "--scheduler must be one of "),
    Case(
      arguments: ["a cat", "--seed", "18446744073709551616"],
      message: "The value '18446744073709551616' is invalid for '--seed <number>'"),
    Case(arguments: ["a cat", "--seed=-1"], message: "The value '-1' is invalid for '--seed <number>'"),
    Case(arguments: ["a cat", "--timeout", "0"], message: "--timeout must be a number of seconds above 0"),
    Case(
      arguments: ["a cat", "--patience=-1"],
      message: "--patience must be a number of seconds from 0 to a year, given -1.0"),
    Case(
      arguments: ["a cat", "--fallback", "remote"],
      message: "The value 'remote' is invalid for '--fallback <place>'"),
    Case(
      arguments: ["a cat", "--local", "--fallback", "local"],
      message: "--local and --fallback exclude each other: give one of them"),
    Case(arguments: ["a cat", "--url", "grpc://a:1,"], message: "--url: "),
    Case(
      arguments: ["a cat", "--output", "cat.jpg"],
      message: "--output cat.jpg: pictures are written as PNG"),
    Case(arguments: ["models", "shapes"], message: "Unexpected argument 'shapes'"),
    Case(arguments: ["run"], message: "Missing expected argument '<workflow>'"),
    Case(arguments: ["run", "absent.json"], message: "the workflow absent.json cannot be read"),
  ]

  @Test("One line that names what was given, exit code 64, no file", arguments: cases)
  func refused(_ item: Case) async throws {
    var command = try Command()
    command.arguments = item.arguments
    command.environment["TRITON_URL"] = Self.nowhere
    let outcome = try await command.run()
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.failure?.contains(item.message) == true, "\(outcome.errors)")
    #expect(command.files() == [])
  }

  @Test("A workflow that is none is refused with the reason", arguments: ["", "{", "[1, 2]", "{\"1\": 5}"])
  func malformedWorkflow(_ text: String) async throws {
    let command = try Command("run", "workflow.json", url: Self.nowhere)
    try Data(text.utf8).write(to: command.folder.appendingPathComponent("workflow.json"))
    let outcome = try await command.run()
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.failure != nil)
    #expect(outcome.errorLines.count == 1)
    #expect(command.files() == ["workflow.json"])
  }

  @Test(
    "An address that is none is bad usage",
    arguments: ["", "ftp://host", "grpc://host:99999", "grpc://u:p@host"])
  func impossibleAddress(_ url: String) async throws {
    let outcome = try await Command("a cat", url: url).run()
    #expect(outcome.status == 64)
    #expect(outcome.failure?.contains("--url") == true)
    #expect(!outcome.errors.contains("u:p"), "a password never reaches an error text")
  }

  @Test("An address where nothing listens ends quickly with the address and a hint")
  func unreachable() async throws {
    let command = try Command("a cat", url: Self.nowhere)
    let outcome = try await command.run()
    #expect(outcome.status == 69)
    #expect(outcome.errorLines.count == 1)
    #expect(
      outcome.failure?.contains("no server answers at \(Self.nowhere) (--url)") == true, "\(outcome.errors)")
    #expect(outcome.failure?.contains("without --url") == true)
    #expect(outcome.seconds < 20)
    #expect(command.files() == [])
  }

  @Test("The environment's address is used and named")
  func variable() async throws {
    var command = try Command("models")
    command.environment["TRITON_URL"] = Self.nowhere
    let outcome = try await command.run()
    #expect(outcome.status == 69)
    #expect(outcome.failure?.contains("no server answers at \(Self.nowhere) (TRITON_URL)") == true)
  }

  @Test("A server that accepts and never answers costs no more than the time given")
  func silentServer() async throws {
    let silent = try SilentServer()
    let outcome = try await Command("a cat", "--timeout", "2", url: silent.url).run()
    #expect(outcome.status == 69)
    #expect(outcome.failure?.contains(silent.url) == true)
    // Far from the 30 seconds of a call without the option, also where the machine has other things to do.
    #expect(outcome.seconds < 20)
  }
}

/// A TCP socket that takes connections and says nothing.
final class SilentServer: Sendable {
  private let descriptor: Int32
  let url: String

  init() throws {
    #if canImport(Glibc)
    let kind = Int32(SOCK_STREAM.rawValue)
    #else
    let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    try #require(descriptor >= 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = self.descriptor
    let isListening = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isListening)
    url = "grpc://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
  }

  deinit { close(descriptor) }
}
