// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// How many retries and hedges one server may be sent by all calls of a client together.
///
/// A bucket of tokens: each attempt beyond a call's first takes one, and where none is left the call fails with
/// what it has; except where the server itself said when to try again. A server that is down or has too much to do is not buried under retries. Successful calls and time
/// fill the bucket again.
///
/// gRPC has the same means, "retry throttling", in gRFC A6, "gRPC Retry Design".
public struct RetryBudget: Sendable, Hashable {
  /// Tokens at the start, and the most there can be. Below 1 nothing is retried.
  public let capacity: Double

  /// Tokens that a successful call brings.
  public let tokensPerSuccess: Double

  /// Tokens that a second brings.
  public let tokensPerSecond: Double

  /// 100 tokens, for a lost connection may fail all calls in flight at once; 0.1 a success and 10 a second.
  public static let defaults = RetryBudget()

  /// No limit but that of each call's policy.
  public static let unlimited = RetryBudget(capacity: .infinity, tokensPerSuccess: 0, tokensPerSecond: 0)

  /// A budget. Negative numbers count as 0.
  ///
  /// - Parameters:
  ///   - capacity: tokens at the start and at most.
  ///   - tokensPerSuccess: tokens that a successful call brings.
  ///   - tokensPerSecond: tokens that a second brings.
  public init(capacity: Double = 100, tokensPerSuccess: Double = 0.1, tokensPerSecond: Double = 10) {
    // `max` in this order makes 0 of what is no number, too.
    self.capacity = max(0, capacity)
    self.tokensPerSuccess = min(max(0, tokensPerSuccess), .greatestFiniteMagnitude)
    self.tokensPerSecond = min(max(0, tokensPerSecond), .greatestFiniteMagnitude)
  }

  /// The tokens of one server.
  package struct Balance: Sendable {
    private let budget: RetryBudget
    private var stored: Double
    private var update: MonotonicInstant

    /// Ten tenths are a little less than one in binary.
    private static let tolerance = 1e-9

    /// A full bucket.
    package init(_ budget: RetryBudget, at now: MonotonicInstant) {
      self.budget = budget
      self.stored = budget.capacity
      self.update = now
    }

    /// The tokens there are.
    package func tokens(at now: MonotonicInstant) -> Double {
      guard now > self.update else { return self.stored }
      let seconds = Double(now.nanoseconds - self.update.nanoseconds) / 1e9
      return min(self.stored + seconds * self.budget.tokensPerSecond, self.budget.capacity)
    }

    /// Notes that a call succeeded.
    package mutating func deposit(at now: MonotonicInstant) {
      guard self.stored < self.budget.capacity else { return }
      self.refill(at: now)
      self.stored = min(self.stored + self.budget.tokensPerSuccess, self.budget.capacity)
    }

    /// Takes a token for a retry or a hedge; `false` if there is none.
    package mutating func withdraw(at now: MonotonicInstant) -> Bool {
      self.refill(at: now)
      guard self.stored >= 1 - Balance.tolerance else { return false }
      self.stored = max(self.stored - 1, 0)
      return true
    }

    private mutating func refill(at now: MonotonicInstant) {
      self.stored = self.tokens(at: now)
      self.update = max(self.update, now)
    }
  }
}
