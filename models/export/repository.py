# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The Triton repository around the graphs: folders, config.pbtxt, the tokenizer, all written before any is seen."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from .graphs import Graph, Signature, graphs, vae_scale, verify, write
from .pipeline_folder import Pipeline, load
from .problem import ExportProblem

#: Role to the ending of the model's name.
ENDINGS = {
    "text_encoder": "text_encoder", "denoiser": "unet", "vae_decoder": "vae_decoder", "vae_encoder": "vae_encoder",
    "tokenizer": "tokenizer"}
HEADER = "# SPDX-License-Identifier: Apache-2.0\n# Written by models/export; change the exporter, not this file.\n"


def quoted(text: str) -> str:
    """A string as protobuf's text format wants it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def tensors(kind: str, signatures: tuple[Signature, ...]) -> str:
    """The inputs or the outputs."""
    entries = []
    for entry in signatures:
        dims = ", ".join(str(size) for size in entry.dims)
        reshape = ", reshape: { shape: [ ] }" if entry.scalar else ""
        entries.append(f"  {{ name: {quoted(entry.name)}, data_type: TYPE_{entry.type}, dims: [ {dims} ]{reshape} }}")
    return f"{kind} [\n" + ",\n".join(entries) + "\n]\n"


def parameters(facts: dict[str, Any]) -> str:
    """Facts as string parameters, one a line."""
    return "".join(
        f"parameters {{ key: {quoted(key)} value {{ string_value: {quoted(str(value))} }} }}\n"
        for key, value in facts.items())


def graph_config(model: str, graph: Graph, max_batch: int, facts: dict[str, Any]) -> str:
    """config.pbtxt of an ONNX model."""
    return (f"{HEADER}name: {quoted(model)}\nbackend: \"onnxruntime\"\nmax_batch_size: {max_batch}\n"
            f"{tensors('input', graph.inputs)}{tensors('output', graph.outputs)}dynamic_batching {{ }}\n"
            # Triton's default on a CPU is two instances: they would take a batch apart and the memory twice.
            f"instance_group [ {{ count: 1 }} ]\n{parameters(facts)}")


def tokenizer_config(model: str, facts: dict[str, Any]) -> str:
    """config.pbtxt of the tokenizer model."""
    return (f"{HEADER}name: {quoted(model)}\nbackend: \"python\"\nmax_batch_size: 0\n"
            f"{tensors('input', (Signature('files', (-1,), 'STRING'),))}"
            f"{tensors('output', (Signature('contents', (-1,), 'STRING'),))}"
            f"instance_group [ {{ kind: KIND_CPU }} ]\n{parameters(facts)}")


def denoiser_facts(pipeline: Pipeline, steps: int, cfg: float) -> dict[str, Any]:
    """What a client must know to sample."""
    schedule, vae = pipeline.schedule, pipeline.vae.config
    scale = vae_scale(pipeline)
    size = pipeline.unet.config.sample_size
    height, width = size if isinstance(size, (list, tuple)) else (size, size)
    return {
        "prediction_type": schedule.get("prediction_type", "epsilon"),
        "beta_schedule": schedule["beta_schedule"],
        "beta_start": schedule.get("beta_start", 0.0001),
        "beta_end": schedule.get("beta_end", 0.02),
        "num_train_timesteps": schedule.get("num_train_timesteps", 1000),
        "latent_channels": vae.latent_channels,
        "vae_scale_factor": scale,
        "latent_scale": vae.scaling_factor,
        "latent_shift": getattr(vae, "shift_factor", None) or 0,
        "default_width": width * scale,
        "default_height": height * scale,
        "default_steps": steps,
        "default_cfg": f"{cfg:g}",
    }


def token(facts: dict[str, Any], name: str) -> str:
    """A special token's text, which may be written as a string or as an object."""
    value = facts.get(name)
    text = value.get("content") if isinstance(value, dict) else value
    if not isinstance(text, str):
        raise ExportProblem(f"tokenizer_config.json has no {name}")
    return text


def tokenizer_facts(pipeline: Pipeline) -> dict[str, Any]:
    """What a client must know to tokenize."""
    return {
        "tokenizer_class": "CLIPTokenizer",
        "files": ",".join(pipeline.tokenizer_files),
        "model_max_length": 77,
        **{name: token(pipeline.tokenizer_facts, name) for name in ("bos_token", "eos_token", "pad_token", "unk_token")},
        "sha256": hashlib.sha256(b"".join(pipeline.tokenizer_files.values())).hexdigest(),
    }


def write_repository(
    pipeline: Pipeline, root: Path, name: str, steps: int, cfg: float, max_batch: int
) -> None:
    """Writes and checks every model below the folder."""
    size = pipeline.unet.config.sample_size
    size = max(size) if isinstance(size, (list, tuple)) else size
    for graph in graphs(pipeline):
        model = f"{name}_{ENDINGS[graph.role]}"
        folder = root / model
        (folder / "1").mkdir(parents=True)
        path = folder / "1" / "model.onnx"
        write(graph, path)
        difference = verify(graph, path, size)
        facts = {"pipeline": name, "role": graph.role, "family": "sd1"}
        if graph.role == "denoiser":
            facts |= denoiser_facts(pipeline, steps, cfg)
        (folder / "config.pbtxt").write_text(graph_config(model, graph, max_batch, facts))
        total = sum(file.stat().st_size for file in (folder / "1").iterdir())
        print(f"{model}: {total / 1e6:.1f} MB, largest difference to PyTorch {difference:.1e}")
    model = f"{name}_{ENDINGS['tokenizer']}"
    folder = root / model
    (folder / "1").mkdir(parents=True)
    for file, content in pipeline.tokenizer_files.items():
        (folder / "1" / file).write_bytes(content)
    shutil.copyfile(Path(__file__).with_name("tokenizer_model.py"), folder / "1" / "model.py")
    facts = {"pipeline": name, "role": "tokenizer", "family": "sd1", **tokenizer_facts(pipeline)}
    (folder / "config.pbtxt").write_text(tokenizer_config(model, facts))
    print(f"{model}: {', '.join(pipeline.tokenizer_files)}")


def export(
    source: Path, output: Path, name: str | None, steps: int, cfg: float, max_batch: int
) -> None:
    """Exports a pipeline folder to a repository that does not exist yet: whole, or not at all."""
    name = name or source.resolve().name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ExportProblem(f"'{name}' is no name for models: letters, digits, '.', '_' and '-'; give one with --name")
    if output.exists():
        raise ExportProblem(f"{output} is there already: remove it or give another --output")
    pipeline = load(source)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    except OSError as error:
        raise ExportProblem(f"{output.parent} cannot be written to: {error.strerror}") from error
    try:
        write_repository(pipeline, partial, name, steps, cfg, max_batch)
        partial.chmod(0o755)
        partial.rename(output)
    except OSError as error:
        raise ExportProblem(f"{output} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    print(f"{output} is ready: tritonserver --model-repository {output}")
