# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Describes protocol buffer definitions as a flat JSON object: what it is → how it is defined.

  describe_protos.py FILE        the files of a descriptor set that protoc wrote
  describe_protos.py             the definitions inside the installed package tritonclient

Every field, enum value, oneof and call is one entry, so that two descriptions can be compared entry by entry.
Options and comments have no place on the wire and are left out.
"""

import json
import sys

from google.protobuf import descriptor_pb2

FIELD = descriptor_pb2.FieldDescriptorProto


def files():
    if len(sys.argv) > 1:
        with open(sys.argv[1], "rb") as file:
            return descriptor_pb2.FileDescriptorSet.FromString(file.read()).file
    from tritonclient.grpc import model_config_pb2, service_pb2

    described = []
    for module in (service_pb2, model_config_pb2):
        described.append(descriptor_pb2.FileDescriptorProto())
        module.DESCRIPTOR.CopyToProto(described[-1])
    return described


def kind(field):
    label = {FIELD.LABEL_REPEATED: "repeated ", FIELD.LABEL_REQUIRED: "required "}.get(field.label, "")
    name = field.type_name or FIELD.Type.Name(field.type).removeprefix("TYPE_").lower()
    return label + name


def describe_message(name, message, entries):
    entries[f"message {name}"] = "map entry" if message.options.map_entry else "message"
    for field in message.field:
        text = f"{kind(field)} {field.name}"
        if field.HasField("oneof_index"):
            text += f" in oneof {message.oneof_decl[field.oneof_index].name}"
        if field.proto3_optional:
            text += " (optional)"
        entries[f"field {name} {field.number}"] = text
    for nested in message.nested_type:
        describe_message(f"{name}.{nested.name}", nested, entries)
    for enum in message.enum_type:
        describe_enum(f"{name}.{enum.name}", enum, entries)


def describe_enum(name, enum, entries):
    for value in enum.value:
        entries[f"enum {name} {value.number}"] = value.name


def describe(file, entries):
    entries[f"file {file.name}"] = f"{file.syntax or 'proto2'} package {file.package}"
    for message in file.message_type:
        describe_message(f"{file.package}.{message.name}", message, entries)
    for enum in file.enum_type:
        describe_enum(f"{file.package}.{enum.name}", enum, entries)
    for service in file.service:
        for method in service.method:
            sent = ("stream " if method.client_streaming else "") + method.input_type
            answered = ("stream " if method.server_streaming else "") + method.output_type
            entries[f"call {file.package}.{service.name}/{method.name}"] = f"{sent} → {answered}"


if __name__ == "__main__":
    result = {}
    for each in files():
        describe(each, result)
    json.dump(result, sys.stdout, indent=1, sort_keys=True)
