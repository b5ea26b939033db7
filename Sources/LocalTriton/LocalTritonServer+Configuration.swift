// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation

extension LocalTritonServer {
  /// How a server is started and stopped.
  public struct Configuration: Sendable {
    /// The model repositories; every model in them is loaded.
    public var modelRepositories: [URL]

    /// The Triton to use. Found by ``TritonEnvironment/find()`` unless set.
    public var environment: TritonEnvironment?

    /// How long all models together may take to load. 60 seconds unless set.
    public var startTimeout: Duration

    /// How long requests under way may take after the stop; the server is killed then. 5 seconds unless set.
    /// Triton counts an HTTP connection that is kept open as one of them.
    public var stopTimeout: Duration

    /// Whether the server may run although some models could not be loaded. If not, the start fails and names
    /// them. Off unless set.
    public var toleratesFailedModels: Bool

    /// ONNX Runtime's threads for each model; one for each core unless set. A model's own
    /// `intra_op_thread_count` goes first.
    public var threadsPerModel: Int?

    /// Further arguments for `tritonserver`.
    public var extraArguments: [String]

    /// The file that the server's log is added to; a new one in the environment's `log` folder unless set.
    public var logFile: URL?

    /// The port for gRPC, such as that of a server that crashed; a free one unless set.
    public var grpcPort: Int?

    /// A configuration for the models in these repositories.
    public init(
      modelRepositories: [URL],
      environment: TritonEnvironment? = nil,
      startTimeout: Duration = .seconds(60),
      stopTimeout: Duration = .seconds(5),
      toleratesFailedModels: Bool = false,
      threadsPerModel: Int? = nil,
      extraArguments: [String] = [],
      logFile: URL? = nil,
      grpcPort: Int? = nil
    ) {
      self.modelRepositories = modelRepositories
      self.environment = environment
      self.startTimeout = startTimeout
      self.stopTimeout = stopTimeout
      self.toleratesFailedModels = toleratesFailedModels
      self.threadsPerModel = threadsPerModel
      self.extraArguments = extraArguments
      self.logFile = logFile
      self.grpcPort = grpcPort
    }

    /// A configuration for the models in one repository, with the defaults.
    public init(modelRepository: URL) {
      self.init(modelRepositories: [modelRepository])
    }

    /// The supervisor's arguments.
    ///
    /// - Throws: ``LocalTritonError`` with `repositoryMissing` for a repository that is not a folder.
    func supervisorArguments(_ environment: TritonEnvironment) throws -> [String] {
      var arguments = [
        environment.supervisor, "--environment", environment.folder.path,
        "--end-with-stdin", "--kill-when-drained",
        "--start-timeout", "\(self.startTimeout.inSeconds)", "--stop-timeout",
        "\(self.stopTimeout.inSeconds)",
      ]
      guard !self.modelRepositories.isEmpty else {
        throw LocalTritonError(
          code: .repositoryMissing, message: "a local Triton needs a model repository, and none was named")
      }
      for repository in self.modelRepositories {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: repository.path, isDirectory: &isFolder),
          isFolder.boolValue
        else {
          throw LocalTritonError(
            code: .repositoryMissing,
            message:
              "there is no model repository at \(repository.path): it must be a folder with one folder "
              + "a model, each with a config.pbtxt")
        }
        arguments += ["--models", repository.path]
      }
      if let threads = self.threadsPerModel { arguments += ["--threads", "\(threads)"] }
      if let port = self.grpcPort { arguments += ["--grpc-port", "\(port)"] }
      if let log = self.logFile { arguments += ["--log", log.path] }
      return arguments + ["--"] + self.extraArguments
    }
  }
}

extension Duration {
  /// The duration in seconds, with its fraction.
  var inSeconds: Double { self / .seconds(1) }
}
