// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import TritonClient

/// A text encoder on the server, with its tokenizer here: what a workflow's CLIP links carry.
public struct RemoteTextEncoder: Sendable {
  /// The server.
  public let client: InferenceServerClient
  /// The model that encodes.
  public let model: ModelReference
  /// Makes the token numbers.
  public let tokenizer: CLIPTokenizer

  /// An encoder of these parts.
  public init(client: InferenceServerClient, model: ModelReference, tokenizer: CLIPTokenizer) {
    self.client = client
    self.model = model
    self.tokenizer = tokenizer
  }

  /// The text encoder of a pipeline; its tokenizer is read from the store or fetched.
  ///
  /// - Parameters:
  ///   - client: the server.
  ///   - pipeline: the pipeline.
  ///   - tokenizers: where tokenizers are kept.
  ///   - context: the node that asks, whose run then waits for a server that is away; nil outside a run.
  /// - Throws: `GraphError` where the pipeline lacks a model or describes it badly; `InferenceError`.
  public init(
    client: InferenceServerClient, pipeline: Pipeline, tokenizers: TokenizerStore,
    in context: NodeContext? = nil
  ) async throws {
    self.init(
      client: client,
      model: try pipeline.model(for: .textEncoder),
      tokenizer: try await tokenizers.tokenizer(
        of: try pipeline.model(for: .tokenizer), from: client, in: context))
  }

  /// Encodes a prompt. One that is too long for a window is encoded in several, joined along the tokens.
  ///
  /// - Parameters:
  ///   - prompt: the text.
  ///   - context: the node that asks, whose run then waits for a server that is away; nil outside a run.
  /// - Throws: `InferenceError`; `GraphError` (`.invalidModel`) where the answer has another shape than
  ///   [windows, tokens, width].
  public func encode(_ prompt: String, in context: NodeContext? = nil) async throws -> Conditioning {
    let chunks = tokenizer.chunks(for: prompt)
    let givesPooled = model.outputs.contains { $0.name == Self.pooledOutput }
    var values: [Float] = []
    var pooled: [Float]?
    for rows in model.batches(of: chunks.count) {
      var request = InferenceRequest(model: model.name)
      request.inputs = ["input_ids": try identifiers(chunks[rows])]
      request.outputs = [Self.hiddenOutput] + (givesPooled ? [Self.pooledOutput] : [])
      let response = try await client.infer(request, in: context)

      let hidden = try response.output(Self.hiddenOutput)
      let expected = [rows.count, tokenizer.chunkLength]
      guard hidden.shape.count == 3, Array(hidden.shape.prefix(2)) == expected else {
        throw GraphError(
          .invalidModel,
          "the model \(quoted(model.name)) answered \(hidden) as \(Self.hiddenOutput); expected FP32 "
            + "[\(expected[0]), \(expected[1]), width]")
      }
      try hidden.withElements(of: Float.self) { values += $0 }
      if givesPooled, pooled == nil {
        let first = try response.output(Self.pooledOutput)
        pooled = try first.withElements(of: Float.self) { Array($0.prefix($0.count / rows.count)) }
      }
    }
    let tokenCount = chunks.count * tokenizer.chunkLength
    return try Conditioning(
      tokenCount: tokenCount, width: values.count / tokenCount, values: values, pooled: pooled)
  }

  private static let hiddenOutput = "last_hidden_state"
  private static let pooledOutput = "pooler_output"

  /// Token numbers in the type the model is configured with: exports differ in it.
  private func identifiers(_ chunks: ArraySlice<[Int]>) throws -> Tensor {
    let shape = [chunks.count, tokenizer.chunkLength]
    if model.dataType(ofInput: "input_ids", otherwise: .int64) == .int32 {
      return try Tensor(chunks.flatMap { $0.map(Int32.init) }, shape: shape)
    }
    return try Tensor(chunks.flatMap { $0.map(Int64.init) }, shape: shape)
  }
}
