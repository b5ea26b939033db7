// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a client counted of the inferences that were answered, since it was made.
///
/// The times are sums of the parts of ``CallTiming``. Failed calls and the answers on streams are not counted.
public struct InferenceStatistics: Sendable, Hashable, Codable {
  /// Inferences that were answered.
  public private(set) var completedCount = 0

  /// How often they were sent, all attempts together.
  public private(set) var attemptCount = 0

  /// Time to encode the requests.
  public private(set) var encode = Duration.zero

  /// Time from the encoded requests to the attempts that were answered.
  public private(set) var beforeSending = Duration.zero

  /// Time to hand the requests to the socket.
  public private(set) var send = Duration.zero

  /// Time from the requests' last bytes to the answers' first ones.
  public private(set) var wait = Duration.zero

  /// Time from the answers' first bytes to their last ones.
  public private(set) var receive = Duration.zero

  /// Time to decode the answers.
  public private(set) var decode = Duration.zero

  /// Time of the whole calls.
  public private(set) var total = Duration.zero

  /// Nothing counted yet.
  public init() {}

  /// Time of one call on average; zero before the first one.
  public var average: Duration {
    self.completedCount == 0 ? .zero : self.total / self.completedCount
  }

  /// What was counted since an earlier state of the same client.
  public func difference(since earlier: InferenceStatistics) -> InferenceStatistics {
    var difference = self
    difference.completedCount -= earlier.completedCount
    difference.attemptCount -= earlier.attemptCount
    difference.encode -= earlier.encode
    difference.beforeSending -= earlier.beforeSending
    difference.send -= earlier.send
    difference.wait -= earlier.wait
    difference.receive -= earlier.receive
    difference.decode -= earlier.decode
    difference.total -= earlier.total
    return difference
  }

  mutating func count(_ timing: CallTiming) {
    self.completedCount += 1
    self.attemptCount += timing.attempts
    self.encode += timing.encode
    self.beforeSending += timing.beforeSending
    self.send += timing.send
    self.wait += timing.wait
    self.receive += timing.receive
    self.decode += timing.decode
    self.total += timing.total
  }
}
