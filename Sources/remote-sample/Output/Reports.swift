// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// What `--json` writes. Keys are part of the command's interface: they may be added, never renamed.
enum Report {
  /// The server that did the work.
  struct Server: Encodable, Sendable {
    var url: String
    var name: String
    var version: String
    /// Started for this run and stopped after it.
    var startedHere: Bool
  }

  /// A model that took part.
  struct Model: Encodable, Sendable {
    var role: String
    var name: String
    var version: String?
  }

  /// How long things took, in seconds.
  struct Timings: Encodable, Sendable {
    /// Until the server answered: its start, where it was started here.
    var server: Double
    /// Mean of all denoise steps.
    var step: Double?
    /// From the command line to the last picture.
    var total: Double
  }

  /// One picture of `generate`.
  struct Picture: Encodable, Sendable {
    var path: String
    var seed: UInt64
    var width: Int
    var height: Int
    /// From the picture's first call to its file.
    var seconds: Double
    /// The addresses of the servers that computed it.
    var servers: [String]
  }

  /// The answer of `generate`.
  struct Generation: Encodable, Sendable {
    var pictures: [Picture]
    var prompt: String
    var negative: String
    var checkpoint: String
    var steps: Int
    var cfg: Double
    var sampler: String
    var scheduler: String
    var server: Server
    /// The addresses of all servers that computed, in the order of their first answer.
    var servers: [String]
    /// How often the run had to wait for a server.
    var outages: Int
    var models: [Model]
    var timings: Timings
    var warnings: [String]
  }

  /// One picture of `run`.
  struct NodePicture: Encodable, Sendable {
    var path: String
    var node: String
    var width: Int
    var height: Int
  }

  /// The answer of `run`.
  struct WorkflowRun: Encodable, Sendable {
    var workflow: String
    var pictures: [NodePicture]
    var server: Server
    /// The addresses of all servers that computed, in the order of their first answer.
    var servers: [String]
    /// How often the run had to wait for a server.
    var outages: Int
    var timings: Timings
    var warnings: [String]
  }

  /// A tensor in a model's signature; -1 stands for any size.
  struct Tensor: Encodable, Sendable {
    var name: String
    var dataType: String
    var shape: [Int]
  }

  /// A model in the answer of `models`.
  struct ModelDetails: Encodable, Sendable {
    var name: String
    var checkpoint: String?
    var role: String?
    var version: String?
    var state: String
    var reason: String?
    var inputs: [Tensor]
    var outputs: [Tensor]
  }

  /// A checkpoint in the answer of `models`.
  struct Checkpoint: Encodable, Sendable {
    var name: String
    var family: String
    var models: [Model]
  }

  /// The answer of `models`.
  struct Repository: Encodable, Sendable {
    var server: Server
    var checkpoints: [Checkpoint]
    var models: [ModelDetails]
  }

  /// A report as text; keys in the order of the alphabet, so that reports can be compared.
  static func json(_ report: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }
}
