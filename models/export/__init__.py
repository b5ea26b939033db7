# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Turns a diffusers Stable Diffusion 1.x pipeline folder into a Triton model repository."""
