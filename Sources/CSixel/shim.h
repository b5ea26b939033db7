// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CSIXEL_SHIM_H
#define CSIXEL_SHIM_H

// Debian keeps the header in a folder of its own, Homebrew beside the others.
#if __has_include(<sixel/sixel.h>)
#include <sixel/sixel.h>
#else
#include <sixel.h>
#endif

#endif
