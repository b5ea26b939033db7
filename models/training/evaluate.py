# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Draws the check's prompts with diffusers and reads them back: the figure without any server, in batches.

    python evaluate.py PIPELINE_FOLDER [--count 200] [--sheet SHEET.png] [--prompts "a red circle …" …]

A contact sheet shows the pictures; `--prompts` draws those instead and classifies nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "check"))
from classify import read  # noqa: E402
from verdict import Tally  # noqa: E402
from world import grid  # noqa: E402

BATCH = 20


def load_pipeline(folder: Path) -> StableDiffusionPipeline:
    """The folder in float32, without progress bars."""
    pipeline = StableDiffusionPipeline.from_pretrained(folder, torch_dtype=torch.float32, safety_checker=None)
    pipeline.scheduler = DDIMScheduler.from_config(pipeline.scheduler.config)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def pictures(
    pipeline: StableDiffusionPipeline, prompts: list[str], steps: int, cfg: float, first_seed: int
) -> list[np.ndarray]:
    """One picture a prompt, seeds counting up: uint8 [height, width, 3]."""
    drawn: list[np.ndarray] = []
    for start in range(0, len(prompts), BATCH):
        part = prompts[start:start + BATCH]
        seeds = [torch.Generator().manual_seed(first_seed + start + n) for n in range(len(part))]
        images = pipeline(part, num_inference_steps=steps, guidance_scale=cfg, generator=seeds, output_type="pil").images
        drawn += [np.asarray(image) for image in images]
    return drawn


def sheet(drawn: list[np.ndarray], columns: int = 10) -> Image.Image:
    """All pictures in rows."""
    height, width = drawn[0].shape[:2]
    rows = -(-len(drawn) // columns)
    canvas = Image.new("RGB", (columns * width, rows * height), (128, 128, 128))
    for index, picture in enumerate(drawn):
        canvas.paste(Image.fromarray(picture), (index % columns * width, index // columns * height))
    return canvas


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--cfg", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--prompts", nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    pipeline = load_pipeline(options.pipeline)
    cases = grid(options.count)
    prompts = options.prompts or [case.prompt for case in cases]
    start = time.monotonic()
    drawn = pictures(pipeline, prompts, options.steps, options.cfg, options.seed)
    print(f"{(time.monotonic() - start) / len(drawn):.2f} s a picture")
    if options.sheet:
        sheet(drawn).save(options.sheet)
    if not options.prompts:
        tally = Tally()
        for case, picture in zip(cases, drawn):
            if complaint := tally.add(case, read(picture)):
                print(f"{case.prompt}: {complaint}")
        print(tally.table())


if __name__ == "__main__":
    main()
