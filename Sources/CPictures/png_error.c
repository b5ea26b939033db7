// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "png_error.h"

#include <stdio.h>

void CPictures_error_set(CPictures_error *error, const char *message) {
  snprintf(error->message, sizeof error->message, "%s", message);
}

void CPictures_png_failed(png_structp png, png_const_charp message) {
  CPictures_error_set(png_get_error_ptr(png), message);
  png_longjmp(png, 1);
}

void CPictures_png_warned(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}
