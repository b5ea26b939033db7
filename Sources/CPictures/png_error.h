// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef CPICTURES_PNG_ERROR_H
#define CPICTURES_PNG_ERROR_H

#include <png.h>

#include "CPictures.h"

/// Writes a message, cut where it is too long.
void CPictures_error_set(CPictures_error *error, const char *message);

/// libpng's error handler: `png_get_error_ptr` is the CPictures_error. Jumps to the setjmp of the caller's
/// frame.
void CPictures_png_failed(png_structp png, png_const_charp message);

/// libpng's warning handler: warnings are not shown.
void CPictures_png_warned(png_structp png, png_const_charp message);

#endif
