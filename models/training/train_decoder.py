# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Trains only the VAE's decoder a little longer: sharper pictures, and not one latent changes.

    python train_decoder.py WORK_FOLDER [--minutes 10]

The encoder of WORK_FOLDER/vae stays as it is, so that this may run before, after or long after train_unet.py. The
result replaces WORK_FOLDER/vae. Stop it and start it again: it goes on from WORK_FOLDER/decoder.pt.
"""

from __future__ import annotations

import argparse
import random
import shutil
from pathlib import Path

import torch
from diffusers import AutoencoderKL

from networks import LATENT_SCALE
from progress import Budget, learning_rate, load, report, save
from train_vae import LATENT_NOISE, WHOLE_BATCH, edge_weight, pictures, test_error


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=8e-4)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(3)

    vae = AutoencoderKL.from_pretrained(options.work / "vae").to(memory_format=torch.channels_last)
    vae.encoder.requires_grad_(False)
    vae.quant_conv.requires_grad_(False)
    parameters = [*vae.decoder.parameters(), *vae.post_quant_conv.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=options.rate, betas=(0.9, 0.98), weight_decay=1e-4)
    checkpoint = options.work / "decoder.pt"
    step, budget = 0, Budget(options.minutes)
    if state := load(checkpoint):
        vae.load_state_dict(state["vae"])
        optimiser.load_state_dict(state["optimiser"])
        step, budget = state["step"], Budget(options.minutes, state["used"])
    else:
        report(f"L1 on unseen pictures {test_error(vae):.2f}/255")

    def keep() -> None:
        save(checkpoint, {"vae": vae.state_dict(), "optimiser": optimiser.state_dict(), "step": step,
                          "used": budget.used})

    rng = random.Random(5000 + step)
    errors: list[torch.Tensor] = []
    while budget.share < 1:
        images = pictures(rng, WHOLE_BATCH).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                latents = vae.quant_conv(vae.encoder(images)).chunk(2, 1)[0].float()
            # Here the latents have their final scale, so the noise has it too.
            latents = latents + LATENT_NOISE / LATENT_SCALE * torch.randn_like(latents)
            decoded = vae.decoder(vae.post_quant_conv(latents))
        error = (decoded.float() - images).abs()
        weight = edge_weight(images)
        loss = (error * weight).sum() / (weight.sum() * 3)
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(budget.share, options.rate)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        errors.append(error.mean().detach() * 127.5)
        step += 1
        if step % 100 == 0:
            report(f"step {step} of {100 * budget.share:.1f} %: L1 {float(torch.stack(errors).mean()):.2f}/255")
            errors.clear()
        if step % 500 == 0:
            keep()
    keep()
    report(f"L1 on unseen pictures {test_error(vae):.2f}/255; {step} steps")
    partial = options.work / "vae.partial"
    vae.save_pretrained(partial)
    shutil.rmtree(options.work / "vae")
    partial.rename(options.work / "vae")


if __name__ == "__main__":
    main()
