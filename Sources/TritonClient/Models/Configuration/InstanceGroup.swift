// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

extension ModelConfiguration {
  /// Copies of a model on one kind of device.
  public struct InstanceGroup: Sendable, Hashable {
    /// A kind of device. Kinds that this library does not know are kept.
    public struct Kind: Sendable, Hashable {
      /// The name in a configuration, such as "KIND_GPU".
      public let name: String

      /// The kind with a name.
      public init(name: String) {
        self.name = name
      }

      /// A GPU if there is one that the backend can use, else the CPU.
      public static let auto = Kind(name: "KIND_AUTO")
      /// Graphics processors.
      public static let gpu = Kind(name: "KIND_GPU")
      /// The CPU.
      public static let cpu = Kind(name: "KIND_CPU")
      /// What the model itself says.
      public static let model = Kind(name: "KIND_MODEL")
    }

    /// Name of the group.
    public let name: String

    /// Kind of device.
    public let kind: Kind

    /// Copies on each device.
    public let count: Int

    /// Numbers of the GPUs; empty for all of them.
    public let gpus: [Int]

    /// Whether the copies are left out by the scheduler.
    public let isPassive: Bool

    /// Name of the server's policy for the host's memory and processors; empty for the device's own.
    public let hostPolicy: String

    init(_ group: Inference_ModelInstanceGroup) {
      self.name = group.name
      self.kind =
        switch group.kind {
        case .auto: .auto
        case .gpu: .gpu
        case .cpu: .cpu
        case .model: .model
        case .UNRECOGNIZED(let number): Kind(name: "\(number)")
        }
      self.count = Int(group.count)
      self.gpus = group.gpus.map(Int.init)
      self.isPassive = group.passive
      self.hostPolicy = group.hostPolicy
    }
  }
}

extension ModelConfiguration.InstanceGroup: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, kind, count, gpus
    case isPassive = "passive"
    case hostPolicy = "host_policy"
  }

  /// Reads Triton's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.name = try container.value(.name, default: "")
    self.kind = Kind(name: try container.value(.kind, default: Kind.auto.name))
    self.count = try container.integer(.count)
    self.gpus = try container.integers(.gpus)
    self.isPassive = try container.value(.isPassive, default: false)
    self.hostPolicy = try container.value(.hostPolicy, default: "")
  }

  /// Writes Triton's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.name, forKey: .name)
    try container.encode(self.kind.name, forKey: .kind)
    try container.encode(self.count, forKey: .count)
    try container.encode(self.gpus, forKey: .gpus)
    try container.encode(self.isPassive, forKey: .isPassive)
    try container.encode(self.hostPolicy, forKey: .hostPolicy)
  }
}
