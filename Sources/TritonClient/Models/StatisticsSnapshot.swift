// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What a server had counted for its models at one time.
public struct StatisticsSnapshot: Sendable, Hashable {
  /// When the answer came.
  public let time: ContinuousClock.Instant

  /// What was counted, one entry for each model and version.
  public let models: [ModelStatistics]

  /// What was counted at a time.
  package init(time: ContinuousClock.Instant, models: [ModelStatistics]) {
    self.time = time
    self.models = models
  }

  /// What happened from an earlier snapshot to this one. Models that the earlier one does not have are taken as
  /// they are; those that this one does not have are left out.
  public func difference(since earlier: StatisticsSnapshot) -> StatisticsDifference {
    let models = self.models.map { later in
      let former = earlier.models.first { $0.name == later.name && $0.version == later.version }
      return former.map { later.difference(since: $0) } ?? later
    }
    return StatisticsDifference(duration: self.time - earlier.time, models: models)
  }
}

/// What a server counted between two snapshots.
public struct StatisticsDifference: Sendable, Hashable {
  /// Time between the two.
  public let duration: Duration

  /// What was counted in that time, one entry for each model and version.
  public let models: [ModelStatistics]

  /// Inferences in a second of one model, all its versions together; of all models if `nil`.
  public func inferencesPerSecond(of model: String? = nil) -> Double {
    self.rate(of: model, \.inferenceCount)
  }

  /// Answered requests in a second of one model, all its versions together; of all models if `nil`.
  public func answersPerSecond(of model: String? = nil) -> Double {
    self.rate(of: model, \.success.count)
  }

  private func rate(of model: String?, _ count: (ModelStatistics) -> Int) -> Double {
    let seconds = self.duration / .seconds(1)
    guard seconds > 0 else { return 0 }
    let counts = self.models.filter { model == nil || $0.name == model }.map(count)
    return Double(counts.reduce(0, +)) / seconds
  }
}
