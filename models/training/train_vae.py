# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Trains the VAE on pictures it draws as it goes.

    python train_vae.py WORK_FOLDER [--minutes 32]

The first part runs on 64×64 cut-outs (four times as many edges a second), the rest on whole pictures, so that the
group norms settle on what they will meet. Three things beside the usual L1 and KL:
* edges weigh more than the flat areas that make up most of every picture;
* early on three latent channels are pulled towards the picture's average colours, which the decoder can use at once;
* the decoder sees latents with a little noise, so that it draws sharp edges from a UNet's imperfect ones.
It ends with `normalise`: see there. Stop it and start it again: it goes on from WORK_FOLDER/vae.pt.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from networks import LATENT_SCALE, new_vae
from progress import Budget, learning_rate, load, report, save
from shapes_data import IMAGE_SIZE, draw, random_scene

CROP, CROP_BATCH, CROP_SHARE = 64, 24, 0.6
WHOLE_BATCH = 6
LATENT_NOISE = 0.06
KL_WEIGHT = 1e-5


def pictures(rng: random.Random, count: int) -> torch.Tensor:
    """Random pictures, −1…1, [count, 3, 128, 128], turned and mirrored: the VAE has no use for up and down."""
    batch = []
    for _ in range(count):
        array = draw(random_scene(rng))
        if rng.random() < 0.5:
            array = array[:, ::-1]
        array = np.rot90(array, rng.randrange(4))
        if rng.random() < 0.15:  # Colours outside the ten, for the encoder's sake.
            array = array[..., rng.sample(range(3), 3)]
        batch.append(array)
    stacked = torch.from_numpy(np.stack(batch)).permute(0, 3, 1, 2).float()
    return stacked / 127.5 - 1


def edge_weight(images: torch.Tensor) -> torch.Tensor:
    """1 in flat areas, 5 within two pixels of an edge: [count, 1, height, width]."""
    spread = F.max_pool2d(images, 5, 1, 2) + F.max_pool2d(-images, 5, 1, 2)
    return 1 + 4 * (spread.amax(1, keepdim=True) > 0.1)


def pass_through(vae: AutoencoderKL, images: torch.Tensor, noise: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Decoded pictures, and mean and log-variance of the latents. `noise`: two unit normals of the latents' shape,
    for drawing from the posterior and for the decoder to withstand."""
    parameters = vae.quant_conv(vae.encoder(images))
    mean, log_variance = parameters.chunk(2, 1)
    log_variance = log_variance.clamp(-30, 20)
    latents = mean + (0.5 * log_variance).exp() * noise[0] + LATENT_NOISE * noise[1]
    return vae.decoder(vae.post_quant_conv(latents)), mean, log_variance


def step_loss(
    vae: AutoencoderKL, images: torch.Tensor, colour_pull: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """The loss to descend and the plain L1 error in 8-bit steps to look at."""
    noise = torch.randn(2, len(images), 4, images.shape[2] // 8, images.shape[3] // 8)
    with torch.autocast("cpu", torch.bfloat16):
        decoded, mean, log_variance = pass_through(vae, images, noise)
    mean, log_variance = mean.float(), log_variance.float()
    error = (decoded.float() - images).abs()
    weight = edge_weight(images)
    loss = (error * weight).sum() / (weight.sum() * 3)
    loss = loss + KL_WEIGHT * (mean.square() + log_variance.exp() - 1 - log_variance).sum() / (2 * len(images))
    if colour_pull > 0:
        loss = loss + colour_pull * (mean[:, :3] - F.avg_pool2d(images, 8)).abs().mean()
    return loss, error.mean().detach() * 127.5


@torch.no_grad()
def normalise(vae: AutoencoderKL, count: int = 512) -> None:
    """Gives every latent channel mean 0 and standard deviation 1/0.18215, without changing any picture.

    The encoder's last layer and the decoder's first are 1×1 convolutions, so a shift and a scale a channel fold into
    their weights: z' = (z − m)·s leaves the encoder, and the decoder undoes it. Then 0.18215, Stable Diffusion 1.x's
    constant, brings the latents to exactly the unit variance that the noise schedule assumes.
    """
    rng = random.Random(99)
    latents = torch.cat([vae.encode(pictures(rng, 16)).latent_dist.mean for _ in range(count // 16)])
    mean, deviation = latents.mean((0, 2, 3)), latents.std((0, 2, 3))
    scale = 1 / (LATENT_SCALE * deviation)
    into, out = vae.quant_conv, vae.post_quant_conv
    into.weight[:4] *= scale[:, None, None, None]
    into.bias[:4] = (into.bias[:4] - mean) * scale
    into.bias[4:] += 2 * scale.log()
    out.bias += (out.weight[:, :, 0, 0] * mean).sum(1)
    out.weight /= scale[None, :, None, None]
    report(f"latents: mean {mean.tolist()}, deviation {deviation.tolist()}")


@torch.no_grad()
def test_error(vae: AutoencoderKL) -> float:
    """Mean absolute error of 64 unseen pictures in 8-bit steps, float32."""
    images = pictures(random.Random(123), 64)
    return float((vae.decode(vae.encode(images).latent_dist.mean).sample - images).abs().mean() * 127.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=32)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=2e-3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    options.work.mkdir(parents=True, exist_ok=True)

    vae = new_vae().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(vae.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=1e-4)
    checkpoint = options.work / "vae.pt"
    step, budget = 0, Budget(options.minutes)
    if state := load(checkpoint):
        vae.load_state_dict(state["vae"])
        optimiser.load_state_dict(state["optimiser"])
        step, budget = state["step"], Budget(options.minutes, state["used"])
    rng = random.Random(1000 + step)
    errors: list[torch.Tensor] = []
    while budget.share < 1:
        if budget.share < CROP_SHARE:
            images = pictures(rng, CROP_BATCH)
            top, left = rng.randrange(IMAGE_SIZE - CROP), rng.randrange(IMAGE_SIZE - CROP)
            images = images[:, :, top:top + CROP, left:left + CROP]
        else:
            images = pictures(rng, WHOLE_BATCH)
        images = images.contiguous(memory_format=torch.channels_last)
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(budget.share, options.rate)
        loss, error = step_loss(vae, images, colour_pull=max(0.0, 1 - step / 1000))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimiser.step()
        errors.append(error)
        step += 1
        if step % 100 == 0:
            report(f"step {step} of {100 * budget.share:.1f} %: L1 {float(torch.stack(errors).mean()):.2f}/255")
            errors.clear()
        if step % 500 == 0:
            save(checkpoint, {"vae": vae.state_dict(), "optimiser": optimiser.state_dict(), "step": step,
                              "used": budget.used})
    save(checkpoint, {"vae": vae.state_dict(), "optimiser": optimiser.state_dict(), "step": step,
                      "used": budget.used})
    vae.eval()
    before = test_error(vae)
    normalise(vae)
    report(f"L1 on unseen pictures {before:.2f}/255, after normalising {test_error(vae):.2f}/255; {step} steps")
    vae.save_pretrained(options.work / "vae")


if __name__ == "__main__":
    main()
