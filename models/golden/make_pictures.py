# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Draws a few pictures with diffusers itself, for the integration tests to compare with.

    python make_pictures.py PIPELINE_FOLDER OUTPUT_FOLDER

StableDiffusionPipeline, float32 on the CPU, DDIM with trailing steps: the same update as Euler on the sigmas of the
same timesteps. The noise is torch.randn's of the seed. golden.json says what was asked for; the PNGs are the answers.
"""

from __future__ import annotations

import argparse
import json
import logging
import warnings
from pathlib import Path

import diffusers
import torch
from diffusers import DDIMScheduler, StableDiffusionPipeline

CASES = (
    {"file": "red-circle.png", "prompt": "a red circle on a blue background", "negative": "", "seed": 42, "steps": 20,
     "cfg": 4.5},
    {"file": "yellow-star.png", "prompt": "a small yellow star on a purple background", "negative": "", "seed": 7,
     "steps": 10, "cfg": 4.0},
    {"file": "green-heart.png", "prompt": "a large green heart on a white background",
     "negative": "a small red square on a black background", "seed": 123456789012345, "steps": 20, "cfg": 3.0},
    {"file": "two-things.png", "prompt": "a red circle left of a blue square on a white background", "negative": "",
     "seed": 3, "steps": 20, "cfg": 4.0},
)


def scheduler(pipeline: StableDiffusionPipeline) -> DDIMScheduler:
    """DDIM with the pipeline's own betas; everything that is not plain Euler turned off."""
    config = pipeline.scheduler.config
    return DDIMScheduler(
        num_train_timesteps=config.num_train_timesteps, beta_start=config.beta_start, beta_end=config.beta_end,
        beta_schedule=config.beta_schedule, prediction_type=config.prediction_type, timestep_spacing="trailing",
        set_alpha_to_one=True, clip_sample=False, thresholding=False, steps_offset=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.getLogger("diffusers").setLevel(logging.ERROR)
    options.output.mkdir(parents=True, exist_ok=True)
    pipeline = StableDiffusionPipeline.from_pretrained(options.pipeline, torch_dtype=torch.float32, safety_checker=None)
    pipeline.scheduler = scheduler(pipeline)
    pipeline.set_progress_bar_config(disable=True)
    for case in CASES:
        image = pipeline(
            case["prompt"], negative_prompt=case["negative"] or None, num_inference_steps=case["steps"],
            guidance_scale=case["cfg"], width=128, height=128, eta=0.0,
            generator=torch.Generator("cpu").manual_seed(case["seed"])).images[0]
        image.save(options.output / case["file"], optimize=True)
        print(case["file"], image.size)
    facts = {
        "about": "pictures of diffusers' StableDiffusionPipeline, float32 on the CPU, DDIMScheduler with "
                 "timestep_spacing trailing and set_alpha_to_one; noise: torch.randn of the seed",
        "made_by": f"diffusers {diffusers.__version__}, torch {torch.__version__}",
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "sampler": "euler", "scheduler": "simple", "width": 128, "height": 128,
        "cases": CASES,
    }
    (options.output / "golden.json").write_text(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main()
