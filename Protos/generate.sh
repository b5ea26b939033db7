#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
#
# Writes Sources/InferenceProtos from the .proto files beside this script, and a stamp with their digests
# so that ProtoTests can tell when the committed code is older than they are.
#
# Needs protoc. The Swift plugin is built from the swift-protobuf package that this package resolves to (a
# minute the first time, in .build-protoc), so that the generated code fits the library it is linked with.
# Messages get `package` access: they are the wire, not this package's interface. No service stub is
# generated, because the transport sends encoded messages by method name.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v protoc >/dev/null; then
  echo "Protos/generate.sh: protoc is missing; install it with 'scripts/setup' or your package manager" >&2
  exit 69
fi

swift package resolve >/dev/null
checkout=.build/checkouts/swift-protobuf
if ! swift build --package-path "$checkout" --scratch-path .build-protoc -c release \
  --product protoc-gen-swift >.build-protoc.log 2>&1; then
  echo "Protos/generate.sh: protoc-gen-swift did not build:" >&2
  tail -n 20 .build-protoc.log >&2
  exit 70
fi
rm -f .build-protoc.log
plugin=$(swift build --package-path "$checkout" --scratch-path .build-protoc -c release --show-bin-path)/protoc-gen-swift

sources=(grpc_service.proto model_config.proto)
generated=Sources/InferenceProtos
mkdir -p "$generated"
protoc --plugin="protoc-gen-swift=$plugin" --proto_path=Protos \
  --swift_opt=Visibility=Package --swift_out="$generated" "${sources[@]}"

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

stamp=$generated/ProtoStamp.swift
{
  cat <<'HEADER'
// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors
//
// Written by Protos/generate.sh; do not edit.

/// What the generated messages of this module were made from.
package enum ProtoStamp {
  /// The SHA-256 of each .proto file at the time of generation, by file name.
  package static let digests: [String: String] = [
HEADER
  for source in "${sources[@]}"; do
    printf '    "%s": "%s",\n' "$source" "$(sha256 "Protos/$source")"
  done
  printf '  ]\n}\n'
} >"$stamp.new"
mv "$stamp.new" "$stamp"
echo "generated: $(ls "$generated" | tr '\n' ' ')"
