// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation
public import TritonClient

/// Gets a pipeline's tokenizer: from the disk where its files are known already, else from the server.
///
/// The files are kept in a folder named after their SHA-256, which the tokenizer model's configuration tells.
/// They are checked against it whenever they are read, so a damaged cache heals itself.
public struct TokenizerStore: Sendable {
  /// Where the files are kept; nil keeps none.
  public let folder: URL?

  /// A store in a folder, which is made when it is needed.
  public init(folder: URL?) {
    self.folder = folder
  }

  /// The store in the user's cache folder: `$XDG_CACHE_HOME/remote-nodes/tokenizers`, or the system's own
  /// place.
  public static var standard: TokenizerStore {
    let named = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let caches =
      named.map { URL(fileURLWithPath: $0) }
      ?? FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first
    return TokenizerStore(folder: caches?.appendingPathComponent("remote-nodes/tokenizers"))
  }

  /// The tokenizer that a model hands out.
  ///
  /// - Parameters:
  ///   - model: a model of the role `tokenizer`, with the parameters `tokenizer_class`, `files`, `sha256`,
  ///     `model_max_length`, `bos_token`, `eos_token`, `pad_token` and `unk_token`.
  ///   - client: the server to ask where the files are not on the disk.
  ///   - context: the node that asks, whose run then waits for a server that is away; nil outside a run.
  /// - Throws: `GraphError` (`.invalidModel`) where the model does not describe a CLIP tokenizer or hands out
  ///   other files than it says; `InferenceError` where the server cannot be asked.
  public func tokenizer(
    of model: ModelReference, from client: InferenceServerClient, in context: NodeContext? = nil
  ) async throws -> CLIPTokenizer {
    let kind = try model.parameter("tokenizer_class")
    guard ["CLIPTokenizer", "CLIPTokenizerFast"].contains(kind) else {
      throw GraphError(
        .invalidModel, "the model \(quoted(model.name)) is a \(quoted(kind)); only CLIPTokenizer is supported"
      )
    }
    let names = try model.parameter("files").split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard let vocabulary = names.firstIndex(of: "vocab.json"), let merges = names.firstIndex(of: "merges.txt")
    else {
      throw GraphError(
        .invalidModel,
        "the model \(quoted(model.name)) should hand out vocab.json and merges.txt; its \"files\" are "
          + quoted(names.joined(separator: ",")))
    }
    let files = try await contents(of: names, model: model, client: client, context)
    return try CLIPTokenizer(
      vocabulary: files[vocabulary], merges: files[merges],
      specialTokens: CLIPTokenizer.SpecialTokens(
        beginning: try model.parameter("bos_token"), end: try model.parameter("eos_token"),
        padding: try model.parameter("pad_token"), unknown: try model.parameter("unk_token")),
      chunkLength: try model.parameter("model_max_length", as: Int.self))
  }

  private func contents(
    of names: [String], model: ModelReference, client: InferenceServerClient, _ context: NodeContext?
  ) async throws -> [[UInt8]] {
    // Only a well-formed hash, and only plain names, become parts of a path.
    let hash = model.parameters["sha256"].map { $0.lowercased() }.flatMap { hash in
      hash.count == 64 && hash.allSatisfy(\.isHexDigit) ? hash : nil
    }
    let arePlain = names.allSatisfy { !$0.isEmpty && !$0.contains("/") && !$0.hasPrefix(".") }
    let place = arePlain ? hash.flatMap { folder?.appendingPathComponent($0) } : nil

    if let place, let cached = Self.read(names, in: place), Self.hash(cached) == hash { return cached }
    let files = try await Self.fetch(names, model: model, client: client, context)
    if let hash, Self.hash(files) != hash {
      throw GraphError(
        .invalidModel,
        "the files that the model \(quoted(model.name)) hands out do not have the sha256 of its config.pbtxt: "
          + "export the model again")
    }
    // A cache that cannot be written costs one call each time, and is no reason to fail.
    if let place { try? Self.write(files, names: names, to: place) }
    return files
  }

  private static func hash(_ files: [[UInt8]]) -> String {
    ContentHash.sha256(files.flatMap { $0 })
  }

  private static func read(_ names: [String], in folder: URL) -> [[UInt8]]? {
    let files = names.compactMap { try? Data(contentsOf: folder.appendingPathComponent($0)) }
    return files.count == names.count ? files.map { Array($0) } : nil
  }

  private static func write(_ files: [[UInt8]], names: [String], to folder: URL) throws {
    try WholeFile.createFolder(folder)
    for (name, bytes) in zip(names, files) {
      try WholeFile.replace(bytes, at: folder.appendingPathComponent(name).path)
    }
  }

  private static func fetch(
    _ names: [String], model: ModelReference, client: InferenceServerClient, _ context: NodeContext?
  ) async throws -> [[UInt8]] {
    var request = InferenceRequest(model: model.name)
    request.inputs = ["files": try Tensor(strings: names)]
    request.outputs = ["contents"]
    let contents = try await client.infer(request, in: context).output("contents").byteStrings()
    guard contents.count == names.count else {
      throw GraphError(
        .invalidModel,
        "the model \(quoted(model.name)) was asked for \(names.count) files and handed out \(contents.count)")
    }
    return contents
  }
}
