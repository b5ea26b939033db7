// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include <stdlib.h>
#include <string.h>

#include "png_error.h"

struct CPictures_bytes {
  uint8_t *data;
  size_t count;
  size_t capacity;
};

static void append(png_structp png, png_bytep data, size_t count) {
  CPictures_bytes *bytes = png_get_io_ptr(png);
  if (count > SIZE_MAX - bytes->count) png_error(png, "the file is too large");
  size_t needed = bytes->count + count;
  if (needed > bytes->capacity) {
    size_t capacity = needed > SIZE_MAX / 2 ? needed : needed * 2;
    uint8_t *grown = realloc(bytes->data, capacity);
    if (grown == NULL) png_error(png, "out of memory");
    bytes->data = grown;
    bytes->capacity = capacity;
  }
  memcpy(bytes->data + bytes->count, data, count);
  bytes->count = needed;
}

static void flush(png_structp png) { (void)png; }

// The only frame that is jumped into. Nothing that is freed later is a local of it, so that no local needs to
// survive the jump.
static int encode(png_structp png, png_infop info, const uint8_t *pixels, uint32_t width, uint32_t height,
                  png_textp texts, int text_count, int compression) {
  if (setjmp(png_jmpbuf(png))) return 0;
  png_set_compression_level(png, compression);
  png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (text_count > 0) png_set_text(png, info, texts, text_count);
  png_write_info(png, info);
  for (uint32_t row = 0; row < height; row += 1) {
    png_write_row(png, pixels + (size_t)row * width * 3);
  }
  png_write_end(png, NULL);
  return 1;
}

// libpng's form of the texts; null where memory is out. The strings stay the caller's: libpng only reads
// them.
static png_textp png_texts(const CPictures_text *texts, size_t count) {
  png_textp copies = calloc(count > 0 ? count : 1, sizeof *copies);
  if (copies == NULL) return NULL;
  for (size_t index = 0; index < count; index += 1) {
    copies[index].key = (png_charp)texts[index].keyword;
    copies[index].text = (png_charp)texts[index].text;
    if (texts[index].is_utf8) {
      copies[index].compression = PNG_ITXT_COMPRESSION_NONE;
      copies[index].itxt_length = strlen(texts[index].text);
    } else {
      copies[index].compression = PNG_TEXT_COMPRESSION_NONE;
      copies[index].text_length = strlen(texts[index].text);
    }
  }
  return copies;
}

int CPictures_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, const CPictures_text *texts,
                         size_t text_count, int compression, CPictures_bytes **encoded, CPictures_error *error) {
  *encoded = NULL;
  error->message[0] = 0;
  CPictures_bytes *bytes = calloc(1, sizeof *bytes);
  png_textp copies = png_texts(texts, text_count);
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, error, CPictures_png_failed, CPictures_png_warned);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);

  int done = 0;
  if (bytes == NULL || copies == NULL || info == NULL) {
    if (error->message[0] == 0) CPictures_error_set(error, "out of memory");
  } else {
    png_set_write_fn(png, bytes, append, flush);
    done = encode(png, info, pixels, width, height, copies, (int)text_count, compression);
  }

  png_destroy_write_struct(&png, &info);
  free(copies);
  if (done) {
    *encoded = bytes;
  } else {
    CPictures_bytes_destroy(bytes);
  }
  return done;
}

const uint8_t *CPictures_bytes_borrow(const CPictures_bytes *bytes) { return bytes->data; }

size_t CPictures_bytes_count(const CPictures_bytes *bytes) { return bytes->count; }

void CPictures_bytes_destroy(CPictures_bytes *bytes) {
  if (bytes == NULL) return;
  free(bytes->data);
  free(bytes);
}
