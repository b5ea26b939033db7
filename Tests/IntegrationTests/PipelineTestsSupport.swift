// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import Synchronization
import TritonClient

/// A runner on a server, with folders of its own that go away with it.
final class Studio: Sendable {
  /// How far two pictures of the same request may be apart in one place, of 255. The server joins requests of
  /// several tests to one batch, and sums in a batch of another size round differently.
  static let tolerance = 2

  let folder: URL
  let client: InferenceServerClient
  let runner: GraphRunner

  /// A runner on the shared server, or on the one of the given address.
  init(
    url: String? = nil, output: String = "pictures",
    configuration: InferenceServerClient.Configuration = .defaults, recovery: RecoveryPolicy = .defaults,
    nodeTimeout: Duration? = nil
  ) async throws {
    let address =
      if let url { url } else { try await TestServer.url() }
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("remote-nodes-studio-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    client = try InferenceServerClient(address, configuration: configuration)
    runner = GraphRunner(
      client: client, catalog: try await ModelCatalog.load(from: client),
      outputDirectory: folder.appendingPathComponent(output, isDirectory: true),
      tokenizers: TokenizerStore(folder: folder.appendingPathComponent("tokenizers", isDirectory: true)),
      recovery: recovery, nodeTimeout: nodeTimeout)
  }

  deinit {
    client.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// The pictures of a workflow, read back from their files.
  func pictures(_ workflow: Workflow) async throws -> [Picture] {
    try await runner.run(workflow).images.map { try Self.read($0.url) }
  }

  /// A picture read from a file.
  static func read(_ url: URL) throws -> Picture {
    try Picture(png: Array(try Data(contentsOf: url)))
  }

  /// Names of all files below the studio's folder but the tokenizer's.
  func filesLeft() throws -> [String] {
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    return (all?.allObjects as? [URL] ?? [])
      .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true }
      .map(\.lastPathComponent)
      .filter { $0 != "vocab.json" && $0 != "merges.txt" }
  }
}

/// The largest difference between two pictures in one place, 0 … 255; 256 where their sizes differ.
func largestDifference(_ left: Picture, _ right: Picture) -> Int {
  guard left.width == right.width, left.height == right.height else { return 256 }
  return zip(left.pixels, right.pixels).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
}

/// What a runner told, in order.
final class EventLog: Sendable {
  private let storage = Mutex<[GraphEvent]>([])

  var events: [GraphEvent] { storage.withLock { $0 } }

  func add(_ event: GraphEvent) {
    storage.withLock { $0.append(event) }
  }
}
