// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation

/// Something that happens while a workflow runs. More kinds may be added: keep a `default` in a `switch`.
public enum GraphEvent: Sendable {
  /// A node began its work.
  case nodeStarted(nodeID: String, classType: String)
  /// A sampling step is done. `timePerStep` is the mean of the steps so far, without the
  /// time that was spent waiting for a server.
  case progress(nodeID: String, step: Int, totalSteps: Int, timePerStep: Duration)
  /// Something a person may want to know, though the run goes on.
  case warning(nodeID: String, message: String)
  /// A call failed in a way that can pass by itself, and the node waits for the server: at most as long as the
  /// runner's `RecoveryPolicy` says. Told once for each outage, which ends with `resumed` or with the run.
  case waiting(nodeID: String, reason: String)
  /// The call that had waited was answered, so long after it first failed, and the node goes on.
  case resumed(nodeID: String, after: Duration)
  /// A picture was written.
  case imageSaved(SavedImage)
  /// A node did its work.
  case nodeFinished(nodeID: String, duration: Duration)
}

/// A picture that a run wrote.
public struct SavedImage: Sendable, Hashable {
  /// The node that wrote it.
  public let nodeID: String
  /// Where it is.
  public let url: URL
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int

  /// The path of the file.
  public var path: String { url.path }
}

/// What a run made.
public struct GraphResult: Sendable, Hashable {
  /// The pictures, in the order in which they were written.
  public let images: [SavedImage]
}
