// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A model in a server's repository.
public struct RepositoryEntry: Sendable, Hashable {
  /// Whether a model can be used. States that this library does not know are kept.
  public struct State: Sendable, Hashable {
    /// The protocol's name; empty for a model that was never loaded.
    public let name: String

    /// The state with a name.
    public init(name: String) {
      self.name = name
    }

    /// Loaded, takes requests.
    public static let ready = State(name: "READY")
    /// Not loaded, or failed to load: the entry's reason says why.
    public static let unavailable = State(name: "UNAVAILABLE")
    /// Being loaded.
    public static let loading = State(name: "LOADING")
    /// Being unloaded.
    public static let unloading = State(name: "UNLOADING")
    /// In the repository, never loaded.
    public static let notLoaded = State(name: "")
  }

  /// Name of the model.
  public let name: String

  /// Version that the state is about; `nil` where none was loaded.
  public let version: String?

  /// Whether the model can be used.
  public let state: State

  /// Why the model is in this state; may be empty.
  public let reason: String
}

extension RepositoryEntry.State: CustomStringConvertible {
  /// The name in lower case, "not loaded" where there is none.
  public var description: String {
    self.name.isEmpty ? "not loaded" : self.name.lowercased()
  }
}

/// As in the JSON of Triton's repository index.
extension RepositoryEntry: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, version, state, reason
  }

  /// Reads the protocol's JSON, which leaves out what is empty.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.name = try container.decode(String.self, forKey: .name)
    self.version = try container.decodeIfPresent(String.self, forKey: .version)
    self.state = State(name: try container.value(.state, default: State.notLoaded.name))
    self.reason = try container.value(.reason, default: "")
  }

  /// Writes the protocol's JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.name, forKey: .name)
    try container.encodeIfPresent(self.version, forKey: .version)
    if self.state != .notLoaded { try container.encode(self.state.name, forKey: .state) }
    if !self.reason.isEmpty { try container.encode(self.reason, forKey: .reason) }
  }
}
