// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

extension ModelConfiguration {
  /// Which versions in the repository a server offers.
  public enum VersionPolicy: Sendable, Hashable {
    /// The newest ones, by their numbers.
    case latest(Int)
    /// All of them.
    case all
    /// These ones.
    case specific([Int])

    init(_ policy: Inference_ModelVersionPolicy) {
      switch policy.policyChoice {
      case .latest(let latest): self = .latest(Int(latest.numVersions))
      case .all: self = .all
      case .specific(let specific): self = .specific(specific.versions.map(Int.init))
      case nil: self = .latest(1)
      }
    }
  }
}

extension ModelConfiguration.VersionPolicy: Codable {
  private enum CodingKeys: String, CodingKey {
    case latest, all, specific
  }

  private enum ChoiceKeys: String, CodingKey {
    case count = "num_versions"
    case versions
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if container.contains(.all) {
      self = .all
    } else if container.contains(.specific) {
      let choice = try container.nestedContainer(keyedBy: ChoiceKeys.self, forKey: .specific)
      self = .specific(try choice.integers(.versions))
    } else if container.contains(.latest) {
      let choice = try container.nestedContainer(keyedBy: ChoiceKeys.self, forKey: .latest)
      self = .latest(try choice.integer(.count))
    } else {
      self = .latest(1)
    }
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .latest(let count):
      var choice = container.nestedContainer(keyedBy: ChoiceKeys.self, forKey: .latest)
      try choice.encode(count, forKey: .count)
    case .all:
      _ = container.nestedContainer(keyedBy: ChoiceKeys.self, forKey: .all)
    case .specific(let versions):
      var choice = container.nestedContainer(keyedBy: ChoiceKeys.self, forKey: .specific)
      try choice.encode(versions, forKey: .versions)
    }
  }
}
