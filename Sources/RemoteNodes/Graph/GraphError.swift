// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// What went wrong between a workflow and its pictures, in words for the person who started it.
///
/// The description says what was asked, where in the graph, and what to try.
public struct GraphError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure. More may be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String {
      case invalidWorkflow, unknownNode, invalidInput
      case unknownCheckpoint, unknownSampler, unknownScheduler
      case missingModel, invalidModel
      case nodeFailed, nodeTimedOut, fileSystem, invalidPicture
    }

    private let kind: Kind

    /// The workflow is not one: not JSON, no nodes, a cycle, or several different problems.
    public static let invalidWorkflow = Code(kind: .invalidWorkflow)
    /// A node class that is not known here.
    public static let unknownNode = Code(kind: .unknownNode)
    /// An input is missing, of the wrong type, out of its range, or a size that cannot be.
    public static let invalidInput = Code(kind: .invalidInput)
    /// The server has no pipeline of that name.
    public static let unknownCheckpoint = Code(kind: .unknownCheckpoint)
    /// A sampler that is not known here.
    public static let unknownSampler = Code(kind: .unknownSampler)
    /// A scheduler that is not known here.
    public static let unknownScheduler = Code(kind: .unknownScheduler)
    /// The pipeline lacks a model that the workflow needs, or the model is not ready.
    public static let missingModel = Code(kind: .missingModel)
    /// A model on the server describes itself in a way that cannot be used, or answers with other tensors.
    public static let invalidModel = Code(kind: .invalidModel)
    /// A node failed while it ran; the cause is the underlying error.
    public static let nodeFailed = Code(kind: .nodeFailed)
    /// A node took longer than `GraphRunner` allows it.
    public static let nodeTimedOut = Code(kind: .nodeTimedOut)
    /// A file could not be read or written.
    public static let fileSystem = Code(kind: .fileSystem)
    /// Bytes that are not a picture of the expected kind.
    public static let invalidPicture = Code(kind: .invalidPicture)

    /// The name of the static member.
    public var description: String { kind.rawValue }
  }

  /// The kind of failure.
  public var code: Code
  /// What happened and what to try, without the place in the graph.
  public var message: String
  /// Where a workflow is refused: every problem found in it, one line each.
  public var problems: [GraphProblem] = []
  /// The node it happened in.
  public var nodeID: String?
  /// The class of that node.
  public var classType: String?
  /// The inputs of that node that have a shape.
  public var inputs: [ShapedInput] = []
  /// The sampling step it happened in, from 1.
  public var step: Int?
  /// The steps of that sampling run.
  public var totalSteps: Int?
  /// What caused it.
  public var underlyingError: (any Error)?

  /// An error of the given kind.
  ///
  /// - Parameters:
  ///   - code: the kind.
  ///   - message: what happened and what to try.
  ///   - underlyingError: the cause, whose description is appended.
  public init(_ code: Code, _ message: String, underlyingError: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.underlyingError = underlyingError
  }

  /// One error for all that is wrong with a workflow; nil where nothing is.
  init?(problems: [GraphProblem]) {
    guard let first = problems.first else { return nil }
    let sameKind = problems.allSatisfy { $0.code == first.code }
    code = sameKind ? first.code : .invalidWorkflow
    message =
      problems.count == 1
      ? first.description
      : "the workflow has \(problems.count) problems:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    self.problems = problems
    if problems.count == 1 {
      nodeID = first.nodeID
      classType = first.classType
    }
  }

  /// The same error, told as one of a node.
  func inNode(_ id: String, classType: String) -> GraphError {
    var error = self
    error.nodeID = nodeID ?? id
    error.classType = self.classType ?? classType
    return error
  }

  /// One line, or one line for each problem of a workflow.
  public var description: String {
    var text = message
    // A refused workflow names its nodes problem by problem.
    if problems.isEmpty, let nodeID {
      text = "\(classType ?? "node") (node \(nodeID))"
      let ending = code == .nodeTimedOut ? " ran out of time" : " failed"
      if let step, let totalSteps {
        text += "\(ending) at step \(step) of \(totalSteps)"
      } else if code == .nodeFailed || code == .nodeTimedOut {
        text += ending
      }
      if !inputs.isEmpty { text += ", given " + inputs.map(\.description).joined(separator: ", ") }
      if !message.isEmpty { text += ": \(message)" }
    }
    if let underlyingError { text += ": \(underlyingError)" }
    return text
  }
}

/// One thing that is wrong with a workflow, told before anything runs.
public struct GraphProblem: Sendable, Hashable, CustomStringConvertible {
  /// The kind of problem.
  public var code: GraphError.Code
  /// The node it is in; nil where it is the workflow's as a whole.
  public var nodeID: String?
  /// The class of that node.
  public var classType: String?
  /// The input it is about.
  public var input: String?
  /// What is wrong and what to use instead.
  public var message: String

  /// A problem of the given kind.
  public init(
    _ code: GraphError.Code, nodeID: String? = nil, classType: String? = nil, input: String? = nil,
    _ message: String
  ) {
    self.code = code
    self.nodeID = nodeID
    self.classType = classType
    self.input = input
    self.message = message
  }

  /// One line: the node, then what is wrong with it.
  public var description: String {
    guard let nodeID else { return message }
    return "\(classType ?? "node") (node \(nodeID)): \(message)"
  }
}
