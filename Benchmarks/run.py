#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Measures this repository's client beside others, on one echo server, in one run.

Peers take turns: each combination of payload and calls in flight is measured by one peer after the other in short
slices, in an order that is shuffled anew, and all of that several times. README.md says how to read the figures.
"""

import argparse
import os
import random
import shlex
import sys
import time

from harness import machine, programs, report
from harness.programs import PEERS, EchoServer, Failure
from harness.ratios import KIB, MIB

PAYLOADS = (64, 64 * KIB, 256 * KIB, 3 * MIB, 12 * MIB, 64 * MIB)
IN_FLIGHT = (1, 4, 16, 64)
# Payload in flight at a time, beyond which a combination is left out: every peer holds a few copies of it.
LIMIT_BYTES = 256 * MIB
SPOILED = "not what was sent"


def byte_count(text):
    """A number of bytes such as 64, 64KiB or 3MiB."""
    for suffix, unit in (("KiB", KIB), ("MiB", MIB)):
        if text.endswith(suffix):
            return int(text[:-len(suffix)]) * unit
    return int(text)


def several(parse):
    return lambda text: tuple(parse(word) for word in text.split(","))


def arguments():
    names = [peer.name for peer in PEERS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true",
                        help="a few calls of each peer to see that they work and notice wrong answers; no figures")
    parser.add_argument("--quick", action="store_true", help="three payloads, 1 and 16 in flight, three rounds")
    parser.add_argument("--only", type=several(str), default=tuple(names), metavar="PEERS",
                        help=f"of {','.join(names)}")
    parser.add_argument("--payload", type=several(byte_count), metavar="SIZES", help="such as 64,64KiB,3MiB")
    parser.add_argument("--in-flight", type=several(int), metavar="NUMBERS", help="such as 1,16")
    parser.add_argument("--rounds", type=int, metavar="N", help="5 unless set")
    parser.add_argument("--seconds", type=float, default=0.35, metavar="S", help="of a slice; 0.35 unless set")
    parser.add_argument("--warm-up", type=float, default=0.1, metavar="S", help="before a slice; 0.1 unless set")
    parser.add_argument("--seed", type=int, metavar="N", help="of the order; drawn and recorded unless set")
    parser.add_argument("--no-build", action="store_true", help="use what is built")
    parser.add_argument("--output", metavar="DIR",
                        help="where the results go; a full run's to Benchmarks, others' to Benchmarks/.build/results")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.only if name not in names]
    if unknown:
        parser.error(f"no peer {', '.join(unknown)}; there are {', '.join(names)}")
    return chosen


def check(peers):
    """Fails unless every peer gets right answers and refuses wrong ones."""
    combinations = ((64, 1), (256 * KIB, 4))
    calls = 3
    with EchoServer() as server:
        for peer in peers:
            for payload, in_flight in combinations:
                figures = programs.measure(peer, server, payload, in_flight, "--calls", str(calls))
                if figures["calls"] != calls * in_flight:
                    raise Failure(f"{peer.name} made {figures['calls']} calls instead of {calls * in_flight}")
                faults = [name for name in ("p50_us", "calls_per_s", "cpu_s_per_1000", "peak_rss_bytes")
                          if not figures[name] > 0]
                if faults:
                    raise Failure(f"{peer.name} has no figures for {', '.join(faults)}")
    with EchoServer("--spoil") as server:
        for peer in peers:
            status, _, complaint = programs.start(peer, server, 256 * KIB, 1, "--calls", "1")
            if status == 0 or SPOILED not in complaint:
                raise Failure(f"{peer.name} took an answer with a changed byte (exit status {status}): {complaint}")
    print(f"benchmarks: {len(peers)} peers answer correctly and notice a changed byte")


def combinations(chosen):
    """What is measured and what is left out: payload and number in flight."""
    payloads = chosen.payload or ((64, 256 * KIB, 12 * MIB) if chosen.quick else PAYLOADS)
    numbers = chosen.in_flight or ((1, 16) if chosen.quick else IN_FLIGHT)
    pairs = [(payload, number) for payload in payloads for number in numbers]
    asked_for = chosen.payload and chosen.in_flight
    taken = [pair for pair in pairs if asked_for or pair[0] * pair[1] <= LIMIT_BYTES]
    return taken, [pair for pair in pairs if pair not in taken]


def progress(text, last=False):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="\n" if last else "", file=sys.stderr, flush=True)
    else:
        print(text, file=sys.stderr, flush=True)


def rounded(figures):
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in figures.items()}


def measure(peers, chosen):
    """All slices of a run, and what is known about it."""
    rounds = chosen.rounds or (3 if chosen.quick else 5)
    seed = chosen.seed if chosen.seed is not None else random.randrange(2**32)
    order = random.Random(seed)
    taken, skipped = combinations(chosen)
    slices = []
    began = time.monotonic()
    with EchoServer() as server:
        facts = machine.facts(server)
        work = machine.OtherWork(server)
        for number in range(1, rounds + 1):
            for payload, in_flight in taken:
                progress(f"round {number} of {rounds}: {report.size(payload)}, {in_flight} in flight")
                for peer in order.sample(peers, len(peers)):
                    figures = programs.measure(peer, server, payload, in_flight, "--seconds", str(chosen.seconds),
                                               "--warm-up", str(chosen.warm_up))
                    slices.append({"round": number, **rounded(figures)})
        shares = work.shares()
    minutes = (time.monotonic() - began) / 60
    progress(f"{len(slices)} slices in {minutes:.1f} minutes", last=True)
    return {
        "command": shlex.join(["Benchmarks/run.py", *sys.argv[1:]]),
        "ended": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "machine": facts, "other_work": shares, "rounds": rounds, "seconds": chosen.seconds,
        "warm_up": chosen.warm_up, "seed": seed, "minutes": minutes, "limit_bytes": LIMIT_BYTES,
        "skipped": skipped, "slices": slices,
    }


def main():
    chosen = arguments()
    peers = [peer for peer in PEERS if peer.name in chosen.only]
    try:
        if not chosen.no_build:
            programs.build()
        programs.check_built(peers)
        if chosen.check:
            check(peers)
            return 0
        run = measure(peers, chosen)
        is_full = not (chosen.quick or chosen.payload or chosen.in_flight or len(peers) < len(PEERS))
        folder = chosen.output or (programs.FOLDER if is_full else os.path.join(programs.BUILT, "results"))
        path = report.write(run, peers, folder)
        if run["targets"]:
            print(report.target_table(run["targets"], [peer.name for peer in peers if peer.is_swift]))
        print(f"results: {os.path.relpath(path)}")
        return 0
    except Failure as failure:
        print(f"benchmarks: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
