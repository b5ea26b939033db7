# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The four networks, untrained: diffusers' and transformers' own classes in small."""

from __future__ import annotations

from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

#: Stable Diffusion 1.x's factor between what the VAE encodes and what the UNet sees.
LATENT_SCALE = 0.18215
LATENT_SIZE = 16
TEXT_WIDTH = 128


def new_vae() -> AutoencoderKL:
    """8× smaller, 4 channels. Without attention in the middle: edges are local, and any picture size works."""
    return AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=4, sample_size=128, norm_num_groups=8, layers_per_block=1,
        block_out_channels=(16, 32, 48, 64), down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4, scaling_factor=LATENT_SCALE, mid_block_add_attention=False)


def new_unet() -> UNet2DConditionModel:
    """Two levels, 16×16 and 8×8 for a 128×128 picture. The text is read on the coarser one, where objects are placed:
    on the finer one it would cost a quarter of the time."""
    return UNet2DConditionModel(
        sample_size=LATENT_SIZE, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(64, 128),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=TEXT_WIDTH, attention_head_dim=4, norm_num_groups=16)


def new_text_encoder(vocabulary: int, start: int, end: int) -> CLIPTextModel:
    """CLIP's text transformer, 3 layers. The end token pads, so the pooled state is that of the first one."""
    return CLIPTextModel(CLIPTextConfig(
        vocab_size=vocabulary, hidden_size=TEXT_WIDTH, intermediate_size=3 * TEXT_WIDTH, projection_dim=TEXT_WIDTH,
        num_hidden_layers=3, num_attention_heads=4, max_position_embeddings=77, hidden_act="quick_gelu",
        bos_token_id=start, eos_token_id=end, pad_token_id=end))


def new_scheduler() -> DDIMScheduler:
    """Stable Diffusion 1.x's noise schedule; sampled with trailing steps, down to no noise at all."""
    return DDIMScheduler(
        num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
        prediction_type="epsilon", clip_sample=False, set_alpha_to_one=True, timestep_spacing="trailing",
        steps_offset=1)
