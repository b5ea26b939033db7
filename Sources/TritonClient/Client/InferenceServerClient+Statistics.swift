// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

extension InferenceServerClient {
  /// Asks for statistics again and again.
  ///
  /// ```swift
  /// var earlier: StatisticsSnapshot?
  /// for try await snapshot in client.statistics(of: "unet", every: .seconds(1)) {
  ///   if let earlier { print(snapshot.difference(since: earlier).inferencesPerSecond()) }
  ///   earlier = snapshot
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - model: the model; `nil` for all of them.
  ///   - version: one version of it; `nil` for all of them.
  ///   - interval: time from one question to the next. The first is asked at once; questions that an answer took
  ///     too long for are left out.
  ///   - options: what these calls do differently.
  public func statistics(
    of model: String? = nil,
    version: String? = nil,
    every interval: Duration,
    options: CallOptions = .defaults
  ) -> StatisticsSequence {
    StatisticsSequence(client: self, model: model, version: version, interval: interval, options: options)
  }
}

/// A server's statistics, asked for at equal intervals. It does not end by itself.
///
/// Nothing is asked while nobody waits for the next snapshot. Cancelling the task that does ends the loop with
/// `CancellationError`; a question that fails ends it with its ``InferenceError``.
public struct StatisticsSequence: AsyncSequence, Sendable {
  /// A snapshot.
  public typealias Element = StatisticsSnapshot

  let client: InferenceServerClient
  let model: String?
  let version: String?
  let interval: Duration
  let options: CallOptions

  /// Begins to ask.
  public func makeAsyncIterator() -> Iterator {
    Iterator(sequence: self)
  }

  /// Asks at equal intervals.
  public struct Iterator: AsyncIteratorProtocol {
    private let sequence: StatisticsSequence
    private var next: ContinuousClock.Instant?

    init(sequence: StatisticsSequence) {
      self.sequence = sequence
    }

    /// The next snapshot, when its time has come; never `nil`.
    ///
    /// - Throws: ``InferenceError`` when the server cannot be asked; `CancellationError`.
    public mutating func next() async throws -> StatisticsSnapshot? {
      if let next = self.next { try await Task.sleep(until: next, clock: .continuous) }
      let begin = ContinuousClock.now
      let models = try await self.sequence.client.modelStatistics(
        self.sequence.model,
        version: self.sequence.version,
        options: self.sequence.options
      )
      let end = ContinuousClock.now
      self.next = Swift.max((self.next ?? begin) + self.sequence.interval, end)
      return StatisticsSnapshot(time: end, models: models)
    }
  }
}
