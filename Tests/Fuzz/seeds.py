#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Writes the inputs that fuzzing starts from: seeds.py FOLDER makes FOLDER/decoder and FOLDER/transport.

The layouts are those of DecoderCheck/DecoderInput.swift and TransportFuzzer/Program.hpp. Messages are encoded here
by hand (https://protobuf.dev/programming-guides/encoding), so that a seed may be wrong on purpose.
"""

import os
import struct
import sys

WIDTHS = {"BOOL": 1, "UINT8": 1, "UINT16": 2, "UINT32": 4, "UINT64": 8, "INT8": 1, "INT16": 2, "INT32": 4,
          "INT64": 8, "FP16": 2, "FP32": 4, "FP64": 8, "BF16": 2}
# The field of InferTensorContents for a type, and how its elements are packed; varints if there is no format.
TYPED = {"BOOL": (1, None), "INT8": (2, None), "INT16": (2, None), "INT32": (2, None), "INT64": (3, None),
         "UINT8": (4, None), "UINT16": (4, None), "UINT32": (4, None), "UINT64": (5, None), "FP32": (6, "<f"),
         "FP64": (7, "<d")}


# Protobuf

def varint(value):
    value &= (1 << 64) - 1
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(encoded) + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value)


def field(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def double(number_of_field, value):
    return varint(number_of_field << 3 | 1) + struct.pack("<d", value)


def output(name, data_type, shape, contents=b"", packed=True):
    if packed:
        dimensions = field(3, b"".join(varint(size) for size in shape)) if shape else b""
    else:
        dimensions = b"".join(number(3, size) for size in shape)
    return field(5, field(1, name) + field(2, data_type) + dimensions + contents)


def typed(data_type, values):
    if data_type == "BYTES":
        return field(5, b"".join(field(8, value) for value in values))
    list_field, layout = TYPED[data_type]
    elements = b"".join(struct.pack(layout, value) if layout else varint(value) for value in values)
    return field(5, field(list_field, elements))


def parameter(name, value):
    return field(4, field(1, name) + field(2, value))


def byte_strings(*elements):
    return b"".join(struct.pack("<I", len(element)) + element for element in elements)


def answer(*parts):
    return field(1, "unet") + field(2, "1") + field(3, "step 7") + b"".join(parts)


# Seeds for the decoder

def cut(message, *lengths, streamed=False, misalignment=0):
    first = len(lengths) << 4 | misalignment << 1 | int(streamed)
    return bytes([first, *lengths]) + message


def decoder_seeds():
    for index, (data_type, width) in enumerate(WIDTHS.items()):
        raw = bytes([0, 1] * 8)[:width * 2] if data_type == "BOOL" else bytes(range(1, 1 + width * 2))
        message = answer(output("y", data_type, [2]), field(6, raw))
        yield f"raw-{data_type}", cut(message, 7, 3, misalignment=index % 8)
    strings = byte_strings(b"", "žluť".encode(), b"\xff\x00")
    yield "raw-BYTES", cut(answer(output("y", "BYTES", [3, 1]), field(6, strings)), 11, 0, 5)
    yield "raw-BYTES-text", cut(answer(output("y", "BYTES", [2]), field(6, byte_strings(b"a", b"bc"))))
    yield "raw-BYTES-short", cut(answer(output("y", "BYTES", [2]), field(6, strings[:-2])), 1)
    for data_type in TYPED:
        message = answer(output("y", data_type, [1, 2], typed(data_type, [0, 1])))
        yield f"typed-{data_type}", cut(message, 13)
    yield "typed-BYTES", cut(answer(output("y", "BYTES", [2], typed("BYTES", [b"", b"\x00a"]))), 9)
    yield "typed-negative", cut(answer(output("y", "INT8", [1], typed("INT8", [-128]))))
    yield "typed-too-wide", cut(answer(output("y", "INT8", [1], typed("INT8", [128]))))
    yield "typed-FP16-empty", cut(answer(output("y", "FP16", [0])))
    yield "scalar", cut(answer(output("y", "FP32", []), field(6, b"\x00\x00\x80\x7f")), misalignment=1)
    yield "unpacked-shape", cut(answer(output("y", "UINT8", [2, 2], packed=False), field(6, b"abcd")), 1, 2)
    yield "empty-dimension", cut(answer(output("y", "FP64", [3, 0, 1 << 40]), field(6, b"")))
    yield "negative-dimension", cut(answer(output("y", "UINT8", [-1]), field(6, b"")))
    yield "overflowing-shape", cut(answer(output("y", "UINT8", [1 << 62, 4, 0]), field(6, b"")))
    yield "bool-of-other-values", cut(answer(output("y", "BOOL", [3]), field(6, b"\x00\x01\x02")))
    two = answer(output("a", "INT64", [1]), output("b", "UINT8", [3]), field(6, bytes(8)), field(6, b"abc"))
    yield "two-outputs", cut(two, 5, misalignment=3)
    yield "same-name-twice", cut(two.replace(b"\x0a\x01b", b"\x0a\x01a"))
    yield "missing-contents", cut(two[:-5])
    yield "no-outputs", cut(answer())
    yield "empty", cut(b"")
    parameters = answer(
        parameter("final", number(1, 1)), parameter("count", number(2, -3)), parameter("text", field(3, "ž")),
        parameter("ratio", double(4, 0.5)), parameter("large", number(5, (1 << 64) - 1)), parameter("none", b""),
        parameter("final", b""))
    yield "parameters", cut(parameters, 6, 1)
    unknown = number(9, 7) + field(15, "x") + varint(16 << 3 | 1) + bytes(8) + varint(17 << 3 | 5) + bytes(4)
    yield "unknown-fields", cut(unknown + answer(output("y", "UINT8", [1], unknown), unknown, field(6, b"z")), 2)
    yield "group", cut(answer(varint(9 << 3 | 3) + varint(9 << 3 | 4)))
    yield "truncated", cut(two[:-1], 4)
    yield "not-UTF-8", cut(field(1, b"\xff\xfe"))
    yield "long-varint", cut(b"\x0a" + b"\x80" * 9 + b"\x02")
    yield "empty-slices", cut(two, 0, 0, 0)
    yield "streamed", cut(field(2, two), 17, streamed=True)
    yield "streamed-error", cut(field(1, "no such model: žluť") + field(2, field(3, "9")), streamed=True)
    yield "streamed-twice", cut(field(2, two) + field(1, "") + field(2, parameters), 3, streamed=True)
    yield "streamed-too-long", cut(field(2, answer(b"\x32\x7f")), streamed=True)


# Seeds for the transport

OPERATIONS = ("startLoop", "stopLoop", "wakeLoop", "createChannel", "destroyChannel", "startCall", "cancelCall",
              "destroyCall", "startStream", "read", "write", "finishWriting", "cancelStream", "destroyStream", "wait",
              "convertToHalf", "convertFromHalf", "connectChannel", "watchChannel")
ECHO, FAIL, NOTHING, TWICE, SLOW, UNKNOWN = range(6)
SERVER, NO_SOCKET, REFUSED, EMPTY, UNKNOWN_SCHEME, IMPOSSIBLE = range(6)
FOR_EVER, AT_ONCE, NANOSECOND, MICROSECOND, MILLISECOND, FIVE_MILLISECONDS, LONGEST, NEGATIVE = range(8)
# A slice is the index of its length, 16 for null bytes, 32 for bytes to copy.
NULL, COPIED = 16, 32
DESTROYS_ITSELF, KEEPS_MESSAGE, CANCELS_ITSELF, CALLS_AGAIN = 1, 2, 4, 8
DESTROYS_ITSELF_AT_END, READS_AGAIN, CANCELS_AFTER_READ = 1, 2, 4
CONNECTS, WATCHES_AGAIN, LEAVES_THE_CHANNEL, ENDS = 1, 2, 4, 8


def operation(name, *arguments):
    return bytes([OPERATIONS.index(name), *arguments])


def description(method, timeout=FOR_EVER, compression=0, headers=()):
    return [method, timeout, compression, len(headers), *(byte for header in headers for byte in header)]


def call(method=ECHO, *slices, channel=0, reaction=0, **options):
    return operation("startCall", channel, *description(method, **options), reaction, len(slices), *slices)


def stream(method=ECHO, channel=0, reaction=0, **options):
    return operation("startStream", channel, *description(method, **options), reaction)


def transport_seeds():
    wait = operation("wait", 15)
    for slices in ((), (0,), (0 | NULL,), (3, 0 | COPIED, 7 | COPIED, 0), (12, 13 | COPIED), (14, 15), (1,) * 5):
        yield "call-" + ("-".join(map(str, slices)) or "nothing"), call(ECHO, *slices) + wait
    for method in range(6):
        yield f"method-{method}", call(method, 4) + call(method, reaction=DESTROYS_ITSELF) + wait
        yield f"stream-{method}", b"".join((
            stream(method, reaction=READS_AGAIN), operation("read", 0), operation("write", 0, 2, 3, 12), wait,
            operation("write", 0, 0), wait, operation("finishWriting", 0), wait, wait))
    for timeout in range(8):
        yield f"timeout-{timeout}", call(SLOW, 4, timeout=timeout) + stream(SLOW, timeout=timeout) + wait
    for compression in (1, 2):
        yield f"compression-{compression}", call(ECHO, 11, 12, compression=compression) + wait
    yield "timed", b"".join(call(method, 12, compression=4) for method in range(6)) + wait
    yield "timed-deadlines", b"".join(call(SLOW, 12, timeout=time, compression=4) for time in range(8)) + wait
    yield "headers", b"".join(call(ECHO, headers=[(key, 80), (key + 1, 0), (key + 2, 255)]) for key in range(0, 12, 3))
    for reaction in range(16):
        yield f"reaction-{reaction}", call(ECHO, 7, reaction=reaction) + call(SLOW, reaction=reaction) + wait + wait
    for target in range(6):
        program = operation("startLoop") + operation("createChannel", 1, target, 0)
        program += call(ECHO, 5, channel=1) + stream(channel=1, reaction=DESTROYS_ITSELF_AT_END)
        yield f"target-{target}", program + operation("read", 0) + operation("write", 0, 1, 6) + wait + wait
    yield "small-answers-only", operation("createChannel", 0, SERVER, 2) + call(ECHO, 9, channel=1) + wait
    yield "cancelled", call(SLOW, 8) + operation("cancelCall", 0) + wait + operation("cancelCall", 0)
    yield "destroyed", call(SLOW, 8) + operation("destroyCall", 0) + operation("cancelCall", 0)
    yield "wakes", operation("startLoop") + operation("wakeLoop", 1) * 3 + wait + operation("wakeLoop", 0) + wait
    own = operation("startLoop") + operation("createChannel", 1, SERVER, 0)
    yield "stopped-with-calls", own + call(SLOW, 8, channel=1) + stream(channel=1) + operation("stopLoop", 0) + wait
    yield "channel-gone", own + call(SLOW, 8, channel=1, reaction=CALLS_AGAIN) + operation("destroyChannel", 1) + wait
    for keepalive in range(1, 4):
        program = operation("startLoop") + operation("createChannel", 1, SERVER, keepalive << 2)
        program += call(SLOW, 8, channel=1) + stream(channel=1)
        # A tenth of a second for the first question.
        yield f"keepalive-{keepalive}", program + wait * 80 + call(ECHO, 3, channel=1) + wait * 3
    for target in range(6):
        program = operation("startLoop") + operation("createChannel", 1, target, 0)
        program += operation("watchChannel", 1, 0) + operation("connectChannel", 1) + wait * 4
        yield f"watch-target-{target}", program + call(ECHO, 5, channel=1) + wait * 4
    for reaction in range(16):
        program = own + operation("watchChannel", 1, reaction) + wait + call(ECHO, 5, channel=1) + wait * 3
        yield f"watch-reaction-{reaction}", program + operation("destroyChannel", 1) + wait * 2
    program = operation("createChannel", 0, SERVER, 0) + operation("watchChannel", 1, CONNECTS)
    yield "watch-shared-loop", program + wait * 3 + operation("destroyChannel", 1) + wait
    yield "watch-stopped-loop", own + operation("watchChannel", 1, WATCHES_AGAIN) + operation("stopLoop", 0) + \
        operation("watchChannel", 1, 0) + operation("connectChannel", 1) + wait * 3 + operation("destroyChannel", 1)
    yield "watch-call-outlives-channel", own + call(SLOW, 8, channel=1) + operation("watchChannel", 1, 0) + \
        operation("destroyChannel", 1) + operation("stopLoop", 0) + wait * 3
    yield "stream-left", stream() + operation("read", 0) + operation("write", 0, 1, 15) + operation("destroyStream", 0)
    yield "stream-cancelled", stream(SLOW, reaction=CANCELS_AFTER_READ) + operation("read", 0) + b"".join(
        operation("write", 0, 1, 4) + wait for _ in range(3)) + operation("cancelStream", 0) + wait
    # Two hundredths of a second for the read, and what the loop takes to see that they are over.
    yield "late-read", stream(reaction=READS_AGAIN) + operation("read", 0) + wait * 90 + operation("read", 0)
    yield "late-write", stream() + operation("finishWriting", 0) + operation("write", 0, 2, 5, 6) + wait
    for pattern in (0x00000000, 0x3F800001, 0x477FF000, 0x33000000, 0x7F800001, 0xFFFFFFFF):
        numbers = [1, 23, *struct.pack(">I", pattern)]
        yield f"numbers-{pattern:08X}", operation("convertToHalf", *numbers) + operation("convertFromHalf", *numbers)


def write(folder, seeds):
    os.makedirs(folder, exist_ok=True)
    for name, seed in seeds:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(seed)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(os.path.join(sys.argv[1], "decoder"), decoder_seeds())
    write(os.path.join(sys.argv[1], "transport"), transport_seeds())


if __name__ == "__main__":
    main()
