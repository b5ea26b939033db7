# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Draws 200 prompts through a server with remote-sample, reads the pictures back, and counts.

    python check.py --command .build/release/remote-sample --url grpc://localhost:8001 [--keep FOLDER]

Exits 0 when at least 95 % have background, colour and shape right together, 1 otherwise, 2 when remote-sample does not
run at all. Needs numpy and pillow only.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from classify import Reading, read_file
from verdict import Tally
from world import Expectation, grid

#: Failures in a row at the start after which it is not the pictures that are wrong.
HOPELESS = 5


def draw(options: argparse.Namespace, case: Expectation, seed: int, picture: Path) -> tuple[Reading | None, str]:
    """One run of the command: what the picture shows, or None and what the command said."""
    command = [options.command, case.prompt, "--seed", str(seed), "--output", str(picture), "--quiet"]
    if options.url:
        command += ["--url", options.url]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=options.timeout)
    except subprocess.TimeoutExpired:
        return None, f"no end within {options.timeout:g} s"
    except OSError as error:
        return None, f"{options.command}: {error.strerror}"
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        return None, f"exit code {done.returncode}: {said[-1] if said else 'no message'}"
    try:
        return read_file(str(picture)), ""
    except OSError as error:
        return None, f"no readable picture: {error}"


def check(options: argparse.Namespace, folder: Path) -> int:
    cases = grid(options.count)
    tally, failures, start = Tally(), 0, time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(
            lambda pair: draw(options, pair[1], options.seed + pair[0], folder / f"{pair[0]:03}.png"), enumerate(cases))
        for index, (case, (reading, message)) in enumerate(zip(cases, results)):
            complaint = tally.add(case, reading)
            if complaint:
                print(f"{index:03} {case.prompt}: {message or complaint}", flush=True)
            failures += reading is None
            if failures == HOPELESS and failures == index + 1:
                print(f"the first {HOPELESS} prompts made no picture: {message}", file=sys.stderr)
                pool.shutdown(wait=False, cancel_futures=True)
                return 2
            if sys.stderr.isatty():
                print(f"\r{index + 1} of {len(cases)}, {100 * tally.share:.1f} % right", end="\r", file=sys.stderr)
    seconds = time.monotonic() - start
    print(tally.table())
    passed = tally.share >= options.needed / 100
    print(f"{'passed' if passed else 'FAILED'}: {100 * tally.share:.1f} % right, {options.needed:g} % needed; "
          f"{seconds / len(cases):.2f} s a picture")
    return 0 if passed else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default="remote-sample", help="the remote-sample program")
    parser.add_argument("--url", help="the server (default: what remote-sample finds by itself)")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="seed of the first prompt; each further one counts up")
    parser.add_argument("--jobs", type=int, default=2, help="pictures at a time")
    parser.add_argument("--timeout", type=float, default=120, help="seconds a picture may take")
    parser.add_argument("--needed", type=float, default=95, help="per cent that must be right")
    parser.add_argument("--keep", type=Path, help="folder to keep the pictures in")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        return check(options, options.keep)
    with tempfile.TemporaryDirectory() as folder:
        return check(options, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
