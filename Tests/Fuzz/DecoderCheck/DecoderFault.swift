// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// What the decoder got wrong.
package struct DecoderFault: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}

/// Throws a fault unless a condition holds.
func expect(_ condition: Bool, _ fault: @autoclosure () -> String) throws {
  guard condition else { throw DecoderFault(fault()) }
}

/// Throws a fault unless `body` fails with an error of the library's that has a code.
func expect<Result>(
  _ code: InferenceError.Code,
  of what: @autoclosure () -> String,
  _ body: () throws -> Result
) throws {
  do {
    _ = try body()
  } catch let error as InferenceError where error.code == code {
    return
  } catch {
    throw DecoderFault("\(what()) failed with \(error) instead of the code \(code)")
  }
  throw DecoderFault("\(what()) succeeded instead of failing with the code \(code)")
}
