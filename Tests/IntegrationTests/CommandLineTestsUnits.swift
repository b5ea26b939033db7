// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import RemoteNodes
import Testing
import TritonClient

@testable import remote_sample

@Suite("Parts of the command that need no process")
struct CommandLineUnitTests {
  static let snapshot = ProgressSnapshot(
    label: "picture 2/3", step: 5, totalSteps: 20, secondsPerStep: 0.314, secondsLeft: 14.6)

  @Test(
    "A progress line never reaches the last column, and loses its least important parts first",
    arguments: zip(
      [120, 60, 46, 30, 20, 10, 4],
      [
        "picture 2/3  ##########..............................  5/20  0.31 s a step  15 s left",
        "picture 2/3  ###...........  5/20  0.31 s a step  15 s left",
        "###..........  5/20  0.31 s a step  15 s left",
        "###.........  5/20  15 s left",
        "###..........  5/20",
        "5/20",
        "5/2",
      ]))
  func bar(_ columns: Int, _ expected: String) {
    let line = ProgressLine.bar(Self.snapshot, columns: columns, style: .ascii)
    #expect(line == expected)
    #expect(line.count < columns)
  }

  @Test("Plain lines come at the quarters, the last excepted")
  func milestones() {
    let lines = (0...20).compactMap { step in
      ProgressLine.milestone(
        ProgressSnapshot(label: "picture", step: step, totalSteps: 20, secondsPerStep: 1, secondsLeft: 15))
    }
    #expect(
      lines == [
        "picture: step 5/20, 1.0 s a step, 15 s left", "picture: step 10/20, 1.0 s a step, 15 s left",
        "picture: step 15/20, 1.0 s a step, 15 s left",
      ])
    #expect(
      ProgressLine.milestone(
        ProgressSnapshot(label: "picture", step: 1, totalSteps: 1, secondsPerStep: 1, secondsLeft: 0)) == nil)
  }

  @Test(
    "Times for people",
    arguments: zip(
      [0, 0.314, 0.996, 3.24, 9.96, 59.4, 59.6, 125, 3599.7, 11_520, .infinity],
      [
        "0.00 s", "0.31 s", "1.0 s", "3.2 s", "10 s", "59 s", "1 min 00 s", "2 min 05 s", "1 h 00 min",
        "3 h 12 min", "? s",
      ]))
  func seconds(_ value: Double, _ expected: String) {
    #expect(ProgressLine.seconds(value) == expected)
  }

  @Test("Bars are drawn with blocks only where the locale has them")
  func locale() {
    #expect(ProgressLine.Style.forLocale(["LANG": "en_GB.UTF-8"]) == .unicode)
    #expect(ProgressLine.Style.forLocale(["LC_ALL": "C", "LANG": "en_GB.UTF-8"]) == .ascii)
    #expect(ProgressLine.Style.forLocale(["LC_ALL": "", "LANG": "C.utf8"]) == .unicode)
    #expect(ProgressLine.Style.forLocale([:]) == .ascii)
  }

  @Test("--output is a file, several numbered files, or a folder")
  func outputPlan() throws {
    func plan(_ option: String?, _ count: Int = 1, isFolder: Bool = false) throws -> (kind: String, [String])
    {
      switch try OutputPlan(option: option, count: count, isFolder: { _ in isFolder }) {
      case .folder(let folder): ("folder", [folder.path])
      case .files(let files): ("files", files.map(\.path))
      }
    }
    let here = FileManager.default.currentDirectoryPath
    #expect(try plan(nil) == ("folder", ["\(here)/output"]))
    #expect(try plan("a.png") == ("files", ["\(here)/a.png"]))
    #expect(try plan("x/a.PNG") == ("files", ["\(here)/x/a.PNG"]))
    #expect(try plan("/x/a.png", 3) == ("files", ["/x/a-1.png", "/x/a-2.png", "/x/a-3.png"]))
    #expect(try plan("/x/a.png", 12).1.prefix(2) == ["/x/a-01.png", "/x/a-02.png"])
    #expect(try plan("/x/a.png", 12).1.last == "/x/a-12.png")
    #expect(try plan("/pictures", 2) == ("folder", ["/pictures"]))
    #expect(try plan("/v1.5/") == ("folder", ["/v1.5"]))
    #expect(try plan("/v1.5", isFolder: true) == ("folder", ["/v1.5"]))
    let none = { (_: String) in false }
    #expect(throws: Failure.self) { try OutputPlan(option: "a.jpg", count: 1, isFolder: none) }
    #expect(throws: Failure.self) { try OutputPlan(option: "", count: 1, isFolder: none) }
  }

  @Test("Which server is asked for")
  func serverChoice() {
    let variables = ["TRITON_URL": "grpc://gpu:8001"]
    #expect(
      ServerChoice.asked(options: ["grpc://a:1"], variables: variables)
        == .running(urls: ["grpc://a:1"], origin: "--url"))
    #expect(
      ServerChoice.asked(options: ["grpc://a:1, dns:///b:2", "c"], variables: variables)
        == .running(urls: ["grpc://a:1", "dns:///b:2", "c"], origin: "--url"))
    #expect(
      ServerChoice.asked(options: [], variables: variables)
        == .running(urls: ["grpc://gpu:8001"], origin: "TRITON_URL"))
    #expect(
      ServerChoice.asked(options: [], variables: ["TRITON_URL": "a,b"])
        == .running(urls: ["a", "b"], origin: "TRITON_URL"))
    // An empty place in a list is refused by the client, not passed over.
    #expect(
      ServerChoice.asked(options: ["a,"], variables: [:]) == .running(urls: ["a", ""], origin: "--url"))
    #expect(ServerChoice.asked(options: [], variables: ["TRITON_URL": ""]) == nil)
  }

  @Test(
    "The server's errors become exit codes",
    arguments: zip(
      [
        .unavailable, .closed, .modelNotFound, .permissionDenied, .unauthenticated, .resourceExhausted,
        .modelNotReady, .deadlineExceeded, .internalError, .malformedResponse, .invalidArgument,
        .typeMismatch,
      ] as [InferenceError.Code],
      [69, 69, 69, 69, 69, 75, 75, 75, 70, 70, 70, 70] as [Int32]))
  func inferenceStatus(_ code: InferenceError.Code, _ expected: Int32) {
    let error = InferenceError(code: code, message: "what happened")
    #expect(Failure(error).status.code == expected)
    // The same inside a node, inside a step.
    let step = GraphError(.nodeFailed, "a step failed", underlyingError: error)
    #expect(Failure(step).status.code == expected)
    #expect(Failure.isDeadline(step) == (code == .deadlineExceeded))
  }

  @Test(
    "The graph's errors become exit codes",
    arguments: zip(
      [
        .invalidWorkflow, .unknownNode, .invalidInput, .unknownCheckpoint, .unknownSampler, .unknownScheduler,
        .missingModel, .invalidModel, .nodeFailed, .nodeTimedOut, .fileSystem, .invalidPicture,
      ] as [GraphError.Code],
      [64, 64, 64, 64, 64, 64, 69, 70, 70, 75, 70, 70] as [Int32]))
  func graphStatus(_ code: GraphError.Code, _ expected: Int32) {
    #expect(Failure(GraphError(code, "what happened")).status.code == expected)
  }

  @Test("What is missing because the server is still loading is to be tried again")
  func loading() {
    let missing = GraphError(.unknownCheckpoint, "there is no checkpoint \"a\"")
    let loading = ModelCatalog(server: "grpc://s:1", models: [], unavailableModels: ["a_unet": "loading"])
    let failure = Failure(loading.explaining(missing))
    #expect(failure.status == .tryAgain)
    #expect(failure.message.contains("a_unet") && failure.message.contains("grpc://s:1"))
    let broken = ModelCatalog(
      server: "grpc://s:1", models: [], unavailableModels: ["a_unet": "unavailable: why"])
    #expect(Failure(broken.explaining(missing)).status == .usage)
    #expect(Failure(loading.explaining(GraphError(.invalidInput, "steps is 0"))).status == .usage)
  }

  @Test("An error of several lines is told in one")
  func oneLine() {
    #expect(Console.oneLine("two problems:\n  one\n\n  two\n") == "two problems: one two")
  }

  @Test("A deadline cancels the work and waits for its end")
  func deadline() async throws {
    let quick = try await Deadline(seconds: 60).run { 7 }
    #expect(quick == 7)
    await #expect(throws: DeadlineExceeded.self) {
      try await Deadline(seconds: 0.05).run { try await Task.sleep(for: .seconds(60)) }
    }
  }
}
