# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The command line: python -m export PIPELINE_FOLDER --output REPOSITORY [--name NAME]."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .problem import ExportProblem


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m export",
        description="Turns a diffusers Stable Diffusion 1.x pipeline folder into a Triton model repository.")
    parser.add_argument("pipeline", type=Path, help="folder with model_index.json")
    parser.add_argument("--output", type=Path, required=True, help="repository folder to make; must not exist yet")
    parser.add_argument("--name", help="the checkpoint's name on the server (default: the pipeline folder's name)")
    parser.add_argument("--steps", type=int, default=20, help="steps a client takes unless told (default 20)")
    parser.add_argument("--cfg", type=float, default=7.5, help="guidance a client uses unless told (default 7.5)")
    parser.add_argument("--max-batch", type=int, default=8, help="largest batch a model takes (default 8)")
    options = parser.parse_args()
    try:
        # torch takes seconds to import: only once the arguments are known to make sense.
        from .repository import export

        if options.steps < 1 or options.cfg < 1 or options.max_batch < 1:
            raise ExportProblem("--steps, --cfg and --max-batch must be at least 1")
        export(options.pipeline, options.output, options.name, options.steps, options.cfg, options.max_batch)
    except ExportProblem as problem:
        print(f"export: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
