# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Trains the UNet and the text encoder together, on latents encoded once.

    python train_unet.py WORK_FOLDER [--minutes 80] [--pictures 16000] [--workers 2]

WORK_FOLDER holds vae/ (train_vae.py) and tokenizer/ (bpe.py). Beside plain epsilon prediction:
* offset noise. At 16×16 latents the scaled-linear schedule leaves a picture's mean colour readable even at the last
  timestep; a model trained without reads it there, and draws the mean of the noise instead of the colour it was told.
  A constant added to the noise of each channel hides it.
* the noisier half of the timesteps weighs more. There the prompt decides about shapes. With equal weights the loss is
  mostly about fine texture: colours are learned in 500 steps, but shape words were still ignored after 2,000.
* one prompt in ten is empty, for classifier-free guidance.
Each worker is a process with one thread and its own part of the batch; they meet once a step to average their
gradients. On a machine that is busy with other things this loses far less than threads that meet in every layer.
What is saved is the moving average of the weights. Stop it and start it again: it goes on from WORK_FOLDER/unet.pt.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from pathlib import Path

import torch
from torch import distributed
from diffusers import AutoencoderKL
from diffusers.models.attention_processor import AttnProcessor

import bpe
from networks import LATENT_SCALE, new_scheduler, new_text_encoder, new_unet
from progress import Budget, learning_rate, load, report, save
from shapes_data import RELATIONS, caption, draw, random_scene

OFFSET_NOISE = 0.3
WEIGHTS = (0.3, 8.0)
#: How often a picture of two things is chosen, compared with one of a single thing.
PAIR_CHANCE = 1.0
EMPTY_PROMPTS = 0.1


@torch.no_grad()
def encoded_set(vae: AutoencoderKL, count: int, cache: Path) -> tuple[torch.Tensor, list[str]]:
    """Latents as the UNet sees them, float16 [count, 4, 16, 16], and their captions; kept in `cache`."""
    rng = random.Random(17)
    scenes = [random_scene(rng) for _ in range(count)]
    captions = [caption(scene, rng) for scene in scenes]
    if cache.exists():
        latents = torch.load(cache, weights_only=True)
        if len(latents) == count:
            return latents, captions
    parts = []
    for start in range(0, count, 32):
        images = torch.stack([torch.from_numpy(draw(scene)) for scene in scenes[start:start + 32]])
        images = (images.permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            parts.append((vae.encode(images).latent_dist.mean * LATENT_SCALE).half())
    latents = torch.cat(parts)
    torch.save(latents, cache)
    report(f"{count} latents: mean {float(latents.float().mean()):.3f}, deviation {float(latents.float().std()):.3f}")
    return latents, captions


class MovingAverage:
    """An exponential average of parameters that forgets its beginning quickly."""

    def __init__(self, parameters: list[torch.nn.Parameter], decay: float) -> None:
        self.values = [parameter.detach().clone() for parameter in parameters]
        self.decay = decay

    @torch.no_grad()
    def update(self, parameters: list[torch.nn.Parameter], step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self.values, [parameter.detach() for parameter in parameters], 1 - decay)


class Training:
    """The networks, their optimiser and where they stand."""

    def __init__(self, work: Path, options: argparse.Namespace, rank: int) -> None:
        self.options, self.rank = options, rank
        self.checkpoint = work / "unet.pt"
        self.tokenizer = bpe.load(work / "tokenizer")
        self.unet = new_unet().to(memory_format=torch.channels_last)
        self.text = new_text_encoder(
            len(self.tokenizer), self.tokenizer.bos_token_id, self.tokenizer.eos_token_id)
        # On a CPU the plain attention trains a fifth faster than the fused one; the weights are the same.
        self.unet.set_attn_processor(AttnProcessor())
        self.text.set_attn_implementation("eager")
        self.parameters = [*self.unet.parameters(), *self.text.parameters()]
        self.optimiser = torch.optim.AdamW(
            self.parameters, lr=options.rate, betas=(0.9, 0.98), weight_decay=1e-3, fused=True)
        self.average = MovingAverage(self.parameters, decay=0.998)
        self.alphas = new_scheduler().alphas_cumprod
        self.step, self.budget = 0, Budget(options.minutes)
        if state := load(self.checkpoint):
            self.unet.load_state_dict(state["unet"])
            self.text.load_state_dict(state["text"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.average.values = state["average"]
            self.step, self.budget = state["step"], Budget(options.minutes, state["used"])

    def save(self) -> None:
        if self.rank > 0:
            return
        save(self.checkpoint, {
            "unet": self.unet.state_dict(), "text": self.text.state_dict(), "average": self.average.values,
            "optimiser": self.optimiser.state_dict(), "step": self.step, "used": self.budget.used})

    def loss(self, latents: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        count = len(latents)
        shift = OFFSET_NOISE * torch.randn(count, 4, 1, 1)
        noise = torch.randn_like(latents) + shift
        # Half of the timesteps from everywhere, half from where shapes are decided.
        steps = torch.randint(0, 1000, (count,))
        steps = torch.where(torch.rand(count) < 0.5, steps, 400 + steps // 2)
        alpha = self.alphas[steps][:, None, None, None]
        noisy = (alpha.sqrt() * latents + (1 - alpha).sqrt() * noise).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            context = self.text(ids).last_hidden_state
            predicted = self.unet(noisy, steps, context).sample
        error = (predicted.float() - noise).square().mean((1, 2, 3))
        # An error in the noise counts as the error in the picture it stands for, within limits.
        weight = ((1 - alpha) / alpha).clamp(*WEIGHTS).flatten()
        return (error * weight).mean()

    def meet(self, loss: torch.Tensor) -> tuple[float, float]:
        """Averages the gradients over the workers, and with them the loss and the share of the budget, which sets the
        learning rate: so all workers take the same step and end at the same one."""
        extra = torch.tensor([loss.item(), self.budget.share])
        together = torch.cat([*(parameter.grad.flatten() for parameter in self.parameters), extra])
        distributed.all_reduce(together)
        together /= self.options.workers
        at = 0
        for parameter in self.parameters:
            parameter.grad.copy_(together[at:at + parameter.numel()].view_as(parameter))
            at += parameter.numel()
        return float(together[-2]), float(together[-1])

    def run(self, latents: torch.Tensor, captions: list[str]) -> None:
        ids = self.tokenizer([*captions, ""], padding="max_length", truncation=True, return_tensors="pt").input_ids
        pairs = [any(f" {relation} " in text for relation in RELATIONS) for text in captions]
        chances = torch.where(torch.tensor(pairs), PAIR_CHANCE, 1.0)
        share, total, parent = self.budget.share, 0.0, os.getppid()
        # Whoever stops the program stops its first process: the workers see that by themselves.
        while share < 1 and os.getppid() == parent:
            chosen = torch.multinomial(chances, self.options.batch // self.options.workers)
            words = torch.where(torch.rand(len(chosen)) < EMPTY_PROMPTS, len(captions), chosen)
            loss = self.loss(latents[chosen].float(), ids[words])
            self.optimiser.zero_grad()
            loss.backward()
            mean, share = self.meet(loss)
            for group in self.optimiser.param_groups:
                group["lr"] = learning_rate(share, self.options.rate)
            torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
            self.optimiser.step()
            self.step += 1
            self.average.update(self.parameters, self.step)
            total += mean
            if self.step % 50 == 0:
                if self.rank == 0:
                    report(f"step {self.step} of {100 * share:.1f} %: loss {total / 50:.4f}")
                total = 0.0
            if self.step % 250 == 0:
                self.save()
        if share >= 1:
            self.save()


def work(rank: int, options: argparse.Namespace, latents: torch.Tensor, captions: list[str], meeting: str) -> None:
    """One worker's life."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=options.workers)
    torch.manual_seed(1)  # The same first weights everywhere,
    training = Training(options.work, options, rank)
    torch.manual_seed(1000 * (rank + 1) + training.step)  # but pictures and noise of one's own.
    training.run(latents, captions)
    distributed.destroy_process_group()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=80)
    parser.add_argument("--pictures", type=int, default=16000)
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--workers", type=int, default=2, help="processes, each with a part of the batch")
    options = parser.parse_args()
    torch.set_num_threads(options.workers)
    vae = AutoencoderKL.from_pretrained(options.work / "vae").eval().to(memory_format=torch.channels_last)
    latents, captions = encoded_set(vae, options.pictures, options.work / "latents.pt")
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(
            work, (options, latents, captions, f"{folder}/meeting"), nprocs=options.workers)


if __name__ == "__main__":
    main()
