// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <stdlib.h>
#include <string.h>

#include "png_error.h"

static const png_uint_32 largest_side = 32768;

struct CPictures_picture {
  // Kept for the texts, which belong to them.
  png_structp png;
  png_infop info;
  uint32_t width;
  uint32_t height;
  uint8_t *pixels;
  png_textp texts;
  int text_count;
};

typedef struct source {
  const uint8_t *data;
  size_t left;
} source;

static void take(png_structp png, png_bytep data, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->left) png_error(png, "the file ends too early");
  memcpy(data, from->data, count);
  from->data += count;
  from->left -= count;
}

// The only frame that is jumped into. What it makes goes into `picture` at once, so that no local needs to
// survive the jump.
static int decode(CPictures_picture *picture) {
  png_structp png = picture->png;
  png_infop info = picture->info;
  if (setjmp(png_jmpbuf(png))) return 0;
  png_set_user_limits(png, largest_side, largest_side);
  png_read_info(png, info);
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);

  picture->width = png_get_image_width(png, info);
  picture->height = png_get_image_height(png, info);
  size_t row_size = (size_t)picture->width * 3;
  if (png_get_rowbytes(png, info) != row_size) png_error(png, "the rows have an unexpected size");
  picture->pixels = calloc(picture->height, row_size);
  if (picture->pixels == NULL) png_error(png, "out of memory");
  for (int pass = 0; pass < passes; pass += 1) {
    for (uint32_t row = 0; row < picture->height; row += 1) {
      png_read_row(png, picture->pixels + row * row_size, NULL);
    }
  }
  png_read_end(png, info);
  png_get_text(png, info, &picture->texts, &picture->text_count);
  return 1;
}

int CPictures_png_decode(const uint8_t *bytes, size_t count, CPictures_picture **decoded, CPictures_error *error) {
  *decoded = NULL;
  error->message[0] = 0;
  if (count < 8 || png_sig_cmp(bytes, 0, 8) != 0) {
    CPictures_error_set(error, "this is not a PNG file");
    return 0;
  }
  CPictures_picture *picture = calloc(1, sizeof *picture);
  if (picture == NULL) {
    CPictures_error_set(error, "out of memory");
    return 0;
  }
  source from = {bytes, count};
  picture->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, error, CPictures_png_failed, CPictures_png_warned);
  if (picture->png != NULL) picture->info = png_create_info_struct(picture->png);

  int done = 0;
  if (picture->info == NULL) {
    if (error->message[0] == 0) CPictures_error_set(error, "out of memory");
  } else {
    png_set_read_fn(picture->png, &from, take);
    done = decode(picture);
    // Neither pointer may outlive this call.
    png_set_read_fn(picture->png, NULL, NULL);
    png_set_error_fn(picture->png, NULL, CPictures_png_failed, CPictures_png_warned);
  }
  if (done) {
    *decoded = picture;
  } else {
    CPictures_picture_destroy(picture);
  }
  return done;
}

uint32_t CPictures_picture_width(const CPictures_picture *picture) { return picture->width; }

uint32_t CPictures_picture_height(const CPictures_picture *picture) { return picture->height; }

const uint8_t *CPictures_picture_borrow_pixels(const CPictures_picture *picture) { return picture->pixels; }

size_t CPictures_picture_text_count(const CPictures_picture *picture) { return (size_t)picture->text_count; }

CPictures_text CPictures_picture_borrow_text(const CPictures_picture *picture, size_t index) {
  const png_text *text = &picture->texts[index];
  CPictures_text result = {text->key, text->text, text->compression >= PNG_ITXT_COMPRESSION_NONE};
  return result;
}

void CPictures_picture_destroy(CPictures_picture *picture) {
  if (picture == NULL) return;
  png_destroy_read_struct(&picture->png, &picture->info, NULL);
  free(picture->pixels);
  free(picture);
}
