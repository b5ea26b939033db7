# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The exporter on an untrained pipeline, and on folders it has to refuse. Needs models/requirements.txt."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnxruntime
from diffusers import StableDiffusionPipeline

MODELS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(MODELS / "training"), str(MODELS)]
import bpe  # noqa: E402
import networks  # noqa: E402


def run(*arguments: object) -> tuple[int, str]:
    """The exporter's exit code and what it printed to stderr, without the libraries' own chatter."""
    done = subprocess.run(
        [sys.executable, "-m", "export", *map(str, arguments)], cwd=MODELS, capture_output=True, text=True)
    return done.returncode, "\n".join(line for line in done.stderr.splitlines() if line.startswith("export: "))


class ExportTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.pipeline = cls.folder / "untrained"
        bpe.train(cls.folder / "tokenizer")
        tokenizer = bpe.load(cls.folder / "tokenizer")
        StableDiffusionPipeline(
            vae=networks.new_vae(), unet=networks.new_unet(), tokenizer=tokenizer, scheduler=networks.new_scheduler(),
            text_encoder=networks.new_text_encoder(len(tokenizer), tokenizer.bos_token_id, tokenizer.eos_token_id),
            safety_checker=None, feature_extractor=None, requires_safety_checker=False).save_pretrained(cls.pipeline)

    def changed(self, name: str) -> Path:
        """A copy of the pipeline to break."""
        copy = self.folder / name
        shutil.copytree(self.pipeline, copy)
        self.addCleanup(shutil.rmtree, copy)
        return copy

    def edit(self, path: Path, **changes: object) -> None:
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    def refuses(self, source: Path, *expected: str, extra: tuple[object, ...] = ()) -> None:
        """The exporter fails with one line that holds every expected text, and leaves nothing behind."""
        output = self.folder / "out" / "repository"
        code, message = run(source, "--output", output, *extra)
        self.assertEqual(code, 1, message)
        self.assertEqual(len(message.splitlines()), 1, message)
        for text in expected:
            self.assertIn(text, message)
        self.assertFalse(output.exists())
        self.assertEqual(list(output.parent.glob("*")) + list(output.parent.glob(".*")), [])

    def test_a_whole_repository(self) -> None:
        output = self.folder / "repository"
        code, message = run(self.pipeline, "--output", output, "--name", "tiny", "--steps", 12, "--cfg", 3.5)
        self.assertEqual((code, message), (0, ""))
        self.assertEqual(
            sorted(path.name for path in output.iterdir()),
            ["tiny_text_encoder", "tiny_tokenizer", "tiny_unet", "tiny_vae_decoder", "tiny_vae_encoder"])
        config = (output / "tiny_unet" / "config.pbtxt").read_text()
        for key, value in {
            "role": "denoiser", "pipeline": "tiny", "family": "sd1", "beta_schedule": "scaled_linear",
            "beta_start": "0.00085", "beta_end": "0.012", "prediction_type": "epsilon", "latent_scale": "0.18215",
            "latent_shift": "0", "vae_scale_factor": "8", "default_width": "128", "default_steps": "12",
            "default_cfg": "3.5", "num_train_timesteps": "1000", "latent_channels": "4",
        }.items():
            self.assertIn(f'key: "{key}" value {{ string_value: "{value}" }}', config)
        files = output / "tiny_tokenizer" / "1"
        digest = hashlib.sha256((files / "vocab.json").read_bytes() + (files / "merges.txt").read_bytes()).hexdigest()
        self.assertIn(digest, (output / "tiny_tokenizer" / "config.pbtxt").read_text())
        session = onnxruntime.InferenceSession(str(output / "tiny_vae_decoder" / "1" / "model.onnx"))
        picture = session.run(None, {"latent_sample": np.zeros((2, 4, 9, 23), np.float32)})[0]
        self.assertEqual(picture.shape, (2, 3, 72, 184))
        # Again: what is there stays.
        code, message = run(self.pipeline, "--output", output)
        self.assertEqual(code, 1)
        self.assertIn("is there already", message)

    def test_what_is_no_pipeline_folder(self) -> None:
        self.refuses(self.folder / "nowhere", "nowhere is not a folder")
        self.refuses(self.folder / "tokenizer", "no model_index.json")

    def test_other_pipelines_and_parts(self) -> None:
        other = self.changed("other")
        self.edit(other / "model_index.json", _class_name="StableDiffusionXLPipeline")
        self.refuses(other, "StableDiffusionXLPipeline", "supported: StableDiffusionPipeline")
        self.edit(other / "model_index.json", _class_name="StableDiffusionPipeline", vae=["diffusers", "AutoencoderTiny"])
        self.refuses(other, "vae is a AutoencoderTiny", "supported: AutoencoderKL")

    def test_missing_parts(self) -> None:
        broken = self.changed("broken")
        (broken / "unet" / "diffusion_pytorch_model.safetensors").unlink()
        self.refuses(broken, "unet cannot be loaded")
        shutil.rmtree(broken / "unet")
        self.refuses(broken, "has no unet")

    def test_schedules_that_cannot_be_told(self) -> None:
        odd = self.changed("odd")
        self.edit(odd / "scheduler" / "scheduler_config.json", beta_schedule="squaredcos_cap_v2")
        self.refuses(odd, "squaredcos_cap_v2", "supported: scaled_linear")

    def test_bad_arguments(self) -> None:
        self.refuses(self.pipeline, "'a b' is no name", extra=("--name", "a b"))
        self.refuses(self.pipeline, "must be at least 1", extra=("--steps", 0))

    def test_tokenizer_json_alone_is_enough(self) -> None:
        from export.pipeline_folder import tokenizer_files

        own = tokenizer_files(self.folder / "tokenizer")
        folder = self.pipeline / "tokenizer"
        self.assertEqual([path.name for path in folder.glob("tokenizer.json")], ["tokenizer.json"])
        found = tokenizer_files(folder)
        self.assertEqual(json.loads(found["vocab.json"]), json.loads(own["vocab.json"]))
        self.assertEqual(found["merges.txt"], own["merges.txt"])


if __name__ == "__main__":
    unittest.main()
