# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Puts the trained parts into a diffusers pipeline folder, in half precision.

    python assemble.py WORK_FOLDER PIPELINE_FOLDER

The weights are rounded to float16 here, once; whoever loads the folder in float32 computes with exactly these values,
and so does the ONNX export.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline

import bpe
from networks import new_scheduler, new_text_encoder, new_unet
from progress import load


def pipeline(work: Path) -> StableDiffusionPipeline:
    """The pipeline of a work folder: the averaged weights where training has got to, float32."""
    state = load(work / "unet.pt")
    if state is None:
        raise SystemExit(f"{work / 'unet.pt'} is not there: run train_unet.py first")
    tokenizer = bpe.load(work / "tokenizer")
    unet, text = new_unet(), new_text_encoder(len(tokenizer), tokenizer.bos_token_id, tokenizer.eos_token_id)
    with torch.no_grad():
        for parameter, value in zip([*unet.parameters(), *text.parameters()], state["average"], strict=True):
            parameter.copy_(value)
    print(f"UNet and text encoder of step {state['step']}")
    return StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(work / "vae"), text_encoder=text, tokenizer=tokenizer, unet=unet,
        scheduler=new_scheduler(), safety_checker=None, feature_extractor=None, requires_safety_checker=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    whole = pipeline(options.work)
    partial = options.output.with_name(options.output.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    whole.to(torch.float16).save_pretrained(partial, safe_serialization=True)
    # The classic pair of files instead of the one that newer transformers write.
    (partial / "tokenizer" / "tokenizer.json").unlink(missing_ok=True)
    for name in ("vocab.json", "merges.txt"):
        shutil.copyfile(options.work / "tokenizer" / name, partial / "tokenizer" / name)
    for file in partial.rglob("*.safetensors"):
        file.chmod(0o644)
    shutil.rmtree(options.output, ignore_errors=True)
    partial.rename(options.output)
    size = sum(file.stat().st_size for file in options.output.rglob("*") if file.is_file())
    print(f"{options.output}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
