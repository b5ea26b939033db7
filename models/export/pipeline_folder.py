# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Reads a diffusers pipeline folder, and says what is wrong with it before anything is loaded or written."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextModel

from .problem import ExportProblem

PIPELINES = ("StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline")
#: Part to the classes that this package can export.
PARTS = {
    "tokenizer": ("CLIPTokenizer", "CLIPTokenizerFast"),
    "text_encoder": ("CLIPTextModel",),
    "unet": ("UNet2DConditionModel",),
    "vae": ("AutoencoderKL",),
    "scheduler": (
        "DDIMScheduler", "PNDMScheduler", "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler",
        "LMSDiscreteScheduler", "DDPMScheduler", "DPMSolverMultistepScheduler", "UniPCMultistepScheduler",
        "HeunDiscreteScheduler", "DPMSolverSinglestepScheduler"),
}
PREDICTIONS = ("epsilon", "v_prediction")
BETA_SCHEDULES = ("scaled_linear", "linear")


@dataclass(frozen=True)
class Pipeline:
    """The parts in float32 and the facts a client needs to know about them."""

    text_encoder: CLIPTextModel
    unet: UNet2DConditionModel
    vae: AutoencoderKL
    #: vocab.json and merges.txt, as bytes, in this order.
    tokenizer_files: dict[str, bytes]
    #: tokenizer_config.json
    tokenizer_facts: dict[str, Any]
    #: scheduler_config.json
    schedule: dict[str, Any]


def read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExportProblem(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ExportProblem(f"{path} is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ExportProblem(f"{path} is not a JSON object")
    return content


def check_index(folder: Path) -> None:
    """Refuses what is no Stable Diffusion 1.x folder, part by part."""
    if not folder.is_dir():
        raise ExportProblem(f"{folder} is not a folder")
    if not (folder / "model_index.json").is_file():
        raise ExportProblem(
            f"{folder} has no model_index.json: expected a folder that diffusers' save_pretrained wrote "
            "(a single .safetensors checkpoint has to be converted to one first)")
    index = read_json(folder / "model_index.json")
    if index.get("_class_name") not in PIPELINES:
        raise ExportProblem(
            f"{folder} is a {index.get('_class_name', 'pipeline without a class')}; "
            f"supported: {', '.join(PIPELINES)}")
    for part, classes in PARTS.items():
        entry = index.get(part)
        name = entry[1] if isinstance(entry, list) and len(entry) == 2 else None
        if name is None or not (folder / part).is_dir():
            raise ExportProblem(f"{folder} has no {part}: a complete Stable Diffusion 1.x folder has {', '.join(PARTS)}")
        if name not in classes:
            raise ExportProblem(f"{folder / part} is a {name}; supported: {', '.join(classes)}")


def check_unet(unet: UNet2DConditionModel, text_width: int, latent_channels: int) -> None:
    """Refuses UNets that want more than Stable Diffusion 1.x gives them."""
    config = unet.config
    if (config.in_channels, config.out_channels) != (latent_channels, latent_channels):
        raise ExportProblem(
            f"the UNet takes {config.in_channels} and gives {config.out_channels} channels, the VAE has "
            f"{latent_channels}: inpainting and upscaling models are not supported")
    if config.addition_embed_type or config.class_embed_type or config.num_class_embeds or config.time_cond_proj_dim:
        raise ExportProblem("the UNet wants added conditions (SDXL, class labels or guidance embeddings): not supported")
    if config.cross_attention_dim != text_width:
        raise ExportProblem(
            f"the UNet reads text of width {config.cross_attention_dim}, the text encoder writes {text_width}")


def check_schedule(schedule: dict[str, Any]) -> None:
    """Refuses noise schedules that the parameters of the repository cannot tell."""
    if schedule.get("trained_betas") is not None:
        raise ExportProblem("the scheduler has trained_betas: only computed beta schedules are supported")
    if schedule.get("beta_schedule") not in BETA_SCHEDULES:
        raise ExportProblem(
            f"the scheduler's beta_schedule is {schedule.get('beta_schedule')}; supported: {', '.join(BETA_SCHEDULES)}")
    if schedule.get("prediction_type", "epsilon") not in PREDICTIONS:
        raise ExportProblem(
            f"the scheduler's prediction_type is {schedule['prediction_type']}; supported: {', '.join(PREDICTIONS)}")


def tokenizer_files(folder: Path) -> dict[str, bytes]:
    """vocab.json and merges.txt. Newer folders may only have tokenizer.json, which holds both."""
    names = ("vocab.json", "merges.txt")
    if all((folder / name).is_file() for name in names):
        return {name: (folder / name).read_bytes() for name in names}
    if not (folder / "tokenizer.json").is_file():
        raise ExportProblem(f"{folder} has neither vocab.json and merges.txt nor tokenizer.json")
    model = read_json(folder / "tokenizer.json").get("model", {})
    if not isinstance(model.get("vocab"), dict) or not isinstance(model.get("merges"), list):
        raise ExportProblem(f"{folder / 'tokenizer.json'} holds no byte-pair encoding")
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    return {
        "vocab.json": json.dumps(model["vocab"], ensure_ascii=False).encode(),
        "merges.txt": ("\n".join(["#version: 0.2", *merges]) + "\n").encode(),
    }


def load(folder: Path) -> Pipeline:
    """The whole folder, checked, in float32."""
    check_index(folder)
    schedule = read_json(folder / "scheduler" / "scheduler_config.json")
    check_schedule(schedule)
    files = tokenizer_files(folder / "tokenizer")
    facts = read_json(folder / "tokenizer" / "tokenizer_config.json")
    logging.getLogger("diffusers").setLevel(logging.ERROR)

    def part(kind: type, name: str) -> Any:
        try:
            # No other attention: it is the one whose graph every ONNX Runtime can run.
            extra = {"attn_implementation": "eager"} if name == "text_encoder" else {}
            module = kind.from_pretrained(folder / name, torch_dtype=torch.float32, local_files_only=True, **extra)
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ExportProblem(f"{folder / name} cannot be loaded: {str(error).splitlines()[0]}") from error
        return module.eval().requires_grad_(False)

    text, unet, vae = part(CLIPTextModel, "text_encoder"), part(UNet2DConditionModel, "unet"), part(AutoencoderKL, "vae")
    check_unet(unet, text.config.hidden_size, vae.config.latent_channels)
    return Pipeline(text, unet, vae, files, facts, schedule)
