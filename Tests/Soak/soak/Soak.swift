// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import ArgumentParser

/// The program of scripts/soak and scripts/memory-check.
@main
struct Soak: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks that take long, against Tests/Support/FaultServer.",
    subcommands: [CallsCommand.self, MemoryCommand.self]
  )
}

/// Where the server is.
struct ServerOptions: ParsableArguments {
  @Option(help: "Address of a FaultServer, such as grpc://127.0.0.1:9000.")
  var url: String
}
