// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser

/// The root command: it only chooses a subcommand.
struct RemoteSample: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Console.program,
    abstract: "Make pictures with diffusion models on a Triton (KServe v2) server.",
    usage: """
      remote-sample <prompt> [<options>]
      remote-sample <subcommand> ...
      """,
    discussion: """
      The workflow runs on this machine; text encoder, denoiser and image decoder are calls to the server, \
      one round trip a denoise step.

        remote-sample "a small yellow star on a purple background"
        remote-sample "a red circle" --seed 7 --steps 30 --output circle.png
        remote-sample run workflow.json --output pictures/
        remote-sample models --url grpc://gpu-box:8001
        remote-sample "a cat" --url grpc://gpu-a:8001,grpc://gpu-b:8001 --fallback local

      "generate" is meant where no subcommand is named; write it out for a prompt that is itself the name of \
      a subcommand.

      Server: --url, else the environment's TRITON_URL, else localhost:8001 if a server is ready there, \
      else one that is started on this machine for this run.

      Exit codes: 0 done, 64 bad usage, 69 server unavailable, 70 internal error, 75 try again later, \
      130 interrupted.
      """,
    version: version,
    subcommands: [GenerateCommand.self, ModelsCommand.self, RunCommand.self],
    defaultSubcommand: GenerateCommand.self)

  /// The version of this package.
  static let version = "0.1.0"
}
