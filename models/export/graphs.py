# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The four ONNX graphs: what goes in, what comes out, how they are written, and the proof that they compute the same."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from .pipeline_folder import Pipeline
from .problem import ExportProblem

#: What ONNX Runtime 1.16 and later read, Triton 24.10's included.
OPSET, IR_VERSION = 17, 9
#: Above this a graph does not fit into one protobuf message and its weights go into a second file.
ONE_FILE_LIMIT = 1_900_000_000
#: Largest difference to PyTorch, relative to the largest value, that counts as the same.
TOLERANCE = 2e-3
SEQUENCE = 77
#: Height and width of the latents that graphs are traced with: odd on every level of a UNet.
TRACED_SIZE = (17, 19)


@dataclass(frozen=True)
class Signature:
    """One input or output without its batch axis; -1 where the size is free. `scalar`: one number a batch row."""

    name: str
    dims: tuple[int, ...]
    type: str = "FP32"
    scalar: bool = False


@dataclass(frozen=True)
class Graph:
    """A module and how it is called: `example(batch, height, width)` makes inputs for a latent of that size."""

    role: str
    module: nn.Module
    inputs: tuple[Signature, ...]
    outputs: tuple[Signature, ...]
    example: Callable[[int, int, int], tuple[torch.Tensor, ...]] = field(repr=False)


class TextEncoder(nn.Module):
    """ids → last state, pooled state, then the state before each layer and after the last (not normalised)."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
        result = self.encoder(input_ids, output_hidden_states=True)
        return (result.last_hidden_state, result.pooler_output, *result.hidden_states)


class Denoiser(nn.Module):
    """latents, timestep, text → predicted noise."""

    def __init__(self, unet: nn.Module) -> None:
        super().__init__()
        self.unet = unet

    def forward(
        self, sample: torch.Tensor, timestep: torch.Tensor, encoder_hidden_states: torch.Tensor
    ) -> torch.Tensor:
        return self.unet(sample, timestep, encoder_hidden_states, return_dict=False)[0]


class Decoder(nn.Module):
    """latents in the VAE's own scale → picture, −1…1."""

    def __init__(self, vae: nn.Module) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample: torch.Tensor) -> torch.Tensor:
        return self.vae.decode(latent_sample, return_dict=False)[0]


class Encoder(nn.Module):
    """picture, −1…1 → mean and log-variance of its latents, one after the other."""

    def __init__(self, vae: nn.Module) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, sample: torch.Tensor) -> torch.Tensor:
        return self.vae.encode(sample, return_dict=False)[0].parameters


def graphs(pipeline: Pipeline) -> list[Graph]:
    """The graphs of a pipeline, in the order a picture passes them."""
    width = pipeline.text_encoder.config.hidden_size
    layers = pipeline.text_encoder.config.num_hidden_layers
    words = pipeline.text_encoder.config.vocab_size
    channels = pipeline.vae.config.latent_channels
    scale = vae_scale(pipeline)
    states = tuple(Signature(f"hidden_states.{n}", (SEQUENCE, width)) for n in range(layers + 1))
    latent, picture = (channels, -1, -1), (3, -1, -1)
    return [
        Graph(
            "text_encoder", TextEncoder(pipeline.text_encoder), (Signature("input_ids", (SEQUENCE,), "INT64"),),
            (Signature("last_hidden_state", (SEQUENCE, width)), Signature("pooler_output", (width,)), *states),
            lambda batch, height, width: (torch.randint(0, words, (batch, SEQUENCE)),)),
        Graph(
            "denoiser", Denoiser(pipeline.unet),
            (Signature("sample", latent), Signature("timestep", (1,), scalar=True),
             Signature("encoder_hidden_states", (-1, width))),
            (Signature("noise_pred", latent),),
            lambda batch, height, breadth: (
                torch.randn(batch, channels, height, breadth), torch.rand(batch) * 999,
                torch.randn(batch, SEQUENCE, width))),
        Graph(
            "vae_decoder", Decoder(pipeline.vae), (Signature("latent_sample", latent),), (Signature("sample", picture),),
            lambda batch, height, width: (torch.randn(batch, channels, height, width) / 0.18215,)),
        Graph(
            "vae_encoder", Encoder(pipeline.vae), (Signature("sample", picture),),
            (Signature("latent_parameters", (2 * channels, -1, -1)),),
            lambda batch, height, width: (torch.rand(batch, 3, height * scale, width * scale) * 2 - 1,)),
    ]


def vae_scale(pipeline: Pipeline) -> int:
    """Pixels a latent cell is wide."""
    return 2 ** (len(pipeline.vae.config.block_out_channels) - 1)


def free_axes(signature: Signature) -> dict[int, str]:
    """Axis to a name for those whose size is free. Spatial axes of inputs and outputs are separate names on purpose."""
    axes = {0: "batch"}
    for axis, size in enumerate(signature.dims, start=1):
        if size == -1 and not signature.scalar:
            axes[axis] = f"{signature.name}_{axis}"
    return axes


def write(graph: Graph, path: Path) -> None:
    """Writes one graph as an ONNX file."""
    # Tracing keeps the path that the example takes. At odd sizes a UNet resizes on its way up to the very size it came
    # from, which is right for every size; at even ones it would double, which is not.
    example = graph.example(2, *TRACED_SIZE)
    signatures = (*graph.inputs, *graph.outputs)
    buffer = io.BytesIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), torch.no_grad():
        # It warns of Python numbers that it bakes in; `verify`, at other sizes, is what shows that none matters.
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        weights = sum(parameter.numel() * 4 for parameter in graph.module.parameters())
        # Graphs beyond protobuf's limit can only be exported into a file.
        target = buffer if weights < ONE_FILE_LIMIT else str(path)
        torch.onnx.export(
            graph.module, example, target, dynamo=False, opset_version=OPSET, do_constant_folding=True,
            input_names=[signature.name for signature in graph.inputs],
            output_names=[signature.name for signature in graph.outputs],
            dynamic_axes={signature.name: free_axes(signature) for signature in signatures})
    model = onnx.load_from_string(buffer.getvalue()) if target is buffer else onnx.load(path)
    model.ir_version = IR_VERSION
    name_sizes(model, signatures)
    if target is buffer:
        onnx.save(model, path)
    else:
        # The exporter scattered one file a weight around the graph: gather them beside it.
        scattered = [file for file in path.parent.iterdir() if file != path]
        onnx.save(model, path, save_as_external_data=True, location=f"{path.name}.data")
        for file in scattered:
            file.unlink()
        path.with_name(f"{path.name}.data").chmod(0o644)
    if target is buffer:
        onnx.checker.check_model(model)


def name_sizes(model: onnx.ModelProto, signatures: tuple[Signature, ...]) -> None:
    """Writes the sizes of every input and output as the signature says: tracing forgets some that are fixed."""
    declared = {signature.name: signature for signature in signatures}
    for value in (*model.graph.input, *model.graph.output):
        signature = declared[value.name]
        names = free_axes(signature)
        for axis, dimension in enumerate(value.type.tensor_type.shape.dim):
            if axis in names:
                dimension.dim_param = names[axis]
            else:
                dimension.dim_value = signature.dims[axis - 1]


def verify(graph: Graph, path: Path, sample_size: int) -> float:
    """Runs the file and the module on the same inputs, at several batches and sizes; the largest difference found."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for batch, height, width in ((1, sample_size, sample_size), (2, 16, 24), (3, 17, 8)):
        example = graph.example(batch, height, width)
        with torch.no_grad():
            expected = graph.module(*example)
        expected = expected if isinstance(expected, tuple) else (expected,)
        feeds = {signature.name: value.numpy() for signature, value in zip(graph.inputs, example)}
        for signature, wanted, found in zip(graph.outputs, expected, session.run(None, feeds), strict=True):
            if tuple(wanted.shape) != found.shape:
                raise ExportProblem(f"{path}: {signature.name} is {found.shape}, PyTorch makes {tuple(wanted.shape)}")
            difference = float(np.abs(wanted.numpy() - found).max())
            if not difference <= TOLERANCE * max(1.0, float(wanted.abs().max())):
                raise ExportProblem(
                    f"{path}: {signature.name} differs from PyTorch by {difference:.2e} at batch {batch}, "
                    f"latent {height}×{width}: this torch and onnx do not export the model right")
            worst = max(worst, difference)
    return worst
