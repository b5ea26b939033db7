// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

extension ModelConfiguration {
  /// How a server keeps the requests of a sequence together.
  public struct SequenceBatching: Sendable, Hashable {
    /// How sequences are given to the model's instances.
    public enum Strategy: Sendable, Hashable {
      /// A sequence keeps one place in one instance's batch.
      case direct(maximumQueueDelay: Duration, minimumSlotUtilization: Double)
      /// Requests of several sequences are joined, those that wait longest first.
      case oldest(maximumCandidateSequences: Int, preferredBatchSizes: [Int], maximumQueueDelay: Duration)
    }

    /// An input that the server fills in, so that the model learns where a sequence begins and ends.
    public struct ControlInput: Sendable, Hashable {
      /// Name of the input.
      public let name: String

      /// What it says, such as "CONTROL_SEQUENCE_START".
      public let kinds: [String]

      init(_ input: Inference_ModelSequenceBatching.ControlInput) {
        self.name = input.name
        self.kinds = input.control.map { control in
          switch control.kind {
          case .controlSequenceStart: "CONTROL_SEQUENCE_START"
          case .controlSequenceReady: "CONTROL_SEQUENCE_READY"
          case .controlSequenceEnd: "CONTROL_SEQUENCE_END"
          case .controlSequenceCorrid: "CONTROL_SEQUENCE_CORRID"
          case .UNRECOGNIZED(let number): "\(number)"
          }
        }
      }
    }

    /// A tensor that the server keeps for each sequence from one request to the next.
    public struct State: Sendable, Hashable {
      /// Input that gets the state.
      public let inputName: String

      /// Output that gives the next state.
      public let outputName: String

      /// Type of its elements.
      public let dataType: DataType

      /// Sizes of its dimensions without the batch; -1 for any size.
      public let dimensions: [Int]

      init(_ state: Inference_ModelSequenceBatching.State) throws {
        self.inputName = state.inputName
        self.outputName = state.outputName
        self.dataType = try DataType(state.dataType, of: state.inputName)
        self.dimensions = state.dims.map(Int.init)
      }
    }

    /// How sequences are given to the model's instances.
    public let strategy: Strategy

    /// How long a sequence may be without a request before the server gives it up.
    public let maximumIdleTime: Duration

    /// Inputs that the server fills in.
    public let controlInputs: [ControlInput]

    /// Tensors that the server keeps for each sequence.
    public let states: [State]

    /// Whether the model gives one request back to the scheduler until it is done with it.
    public let isIterative: Bool

    init(_ batching: Inference_ModelSequenceBatching) throws {
      self.strategy =
        switch batching.strategyChoice {
        case .oldest(let oldest):
          .oldest(
            maximumCandidateSequences: Int(oldest.maxCandidateSequences),
            preferredBatchSizes: oldest.preferredBatchSize.map(Int.init),
            maximumQueueDelay: Duration(microseconds: oldest.maxQueueDelayMicroseconds)
          )
        case .direct(let direct):
          .direct(
            maximumQueueDelay: Duration(microseconds: direct.maxQueueDelayMicroseconds),
            minimumSlotUtilization: Double(direct.minimumSlotUtilization)
          )
        case nil:
          .direct(maximumQueueDelay: .zero, minimumSlotUtilization: 0)
        }
      self.maximumIdleTime = Duration(microseconds: batching.maxSequenceIdleMicroseconds)
      self.controlInputs = batching.controlInput.map(ControlInput.init)
      self.states = try batching.state.map(State.init)
      self.isIterative = batching.iterativeSequence
    }
  }
}
