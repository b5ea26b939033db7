// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// PNG files in memory, over libpng.
///
/// Rules for every function here: it may be called on any thread, it blocks only for its own work, it keeps
/// no state between calls, and no longjmp leaves it. Memory that is passed in stays the caller's and is not
/// kept.

#ifndef CPICTURES_H
#define CPICTURES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if !defined(__clang__)
#define _Nonnull
#define _Nullable
#endif

/// Bytes that were encoded. Owned by who received it; freed with CPictures_bytes_destroy.
typedef struct CPictures_bytes CPictures_bytes;

/// A picture that was decoded. Owned by who received it; freed with CPictures_picture_destroy.
typedef struct CPictures_picture CPictures_picture;

/// A text to embed. Both strings belong to the caller.
typedef struct CPictures_text {
  /// 1 to 79 Latin-1 characters, ended by a zero.
  const char *_Nonnull keyword;
  /// The text, ended by a zero: Latin-1 where `is_utf8` is 0 (a tEXt chunk), UTF-8 otherwise (an iTXt chunk).
  const char *_Nonnull text;
  int is_utf8;
} CPictures_text;

/// Why a call failed. Filled in by the callee where it returns 0; the message is ended by a zero.
typedef struct CPictures_error {
  char message[200];
} CPictures_error;

/// Encodes 8-bit RGB.
///
/// `pixels`: height rows of width * 3 bytes, without gaps. `compression`: zlib level, 0 to 9.
/// Returns 1 and hands `*encoded` to the caller, or returns 0 with `error` filled in and `*encoded` null.
int CPictures_png_encode(const uint8_t *_Nonnull pixels, uint32_t width, uint32_t height,
                         const CPictures_text *_Nullable texts, size_t text_count, int compression,
                         CPictures_bytes *_Nullable *_Nonnull encoded, CPictures_error *_Nonnull error);

/// The encoded bytes. Borrowed: valid until `bytes` is destroyed.
const uint8_t *_Nonnull CPictures_bytes_borrow(const CPictures_bytes *_Nonnull bytes);

/// How many there are.
size_t CPictures_bytes_count(const CPictures_bytes *_Nonnull bytes);

/// Frees the bytes. Null is allowed.
void CPictures_bytes_destroy(CPictures_bytes *_Nullable bytes);

/// Decodes any PNG to 8-bit RGB: palettes and grey are expanded, 16 bits cut to 8, transparency dropped.
///
/// Pictures of more than 32768 pixels a side are refused.
/// Returns 1 and hands `*decoded` to the caller, or returns 0 with `error` filled in and `*decoded` null.
int CPictures_png_decode(const uint8_t *_Nonnull bytes, size_t count,
                         CPictures_picture *_Nullable *_Nonnull decoded, CPictures_error *_Nonnull error);

/// Pixels in a row.
uint32_t CPictures_picture_width(const CPictures_picture *_Nonnull picture);

/// Rows.
uint32_t CPictures_picture_height(const CPictures_picture *_Nonnull picture);

/// height rows of width * 3 bytes. Borrowed: valid until `picture` is destroyed.
const uint8_t *_Nonnull CPictures_picture_borrow_pixels(const CPictures_picture *_Nonnull picture);

/// How many texts the file held, compressed ones included.
size_t CPictures_picture_text_count(const CPictures_picture *_Nonnull picture);

/// One of them, `index` below the count. Its strings are borrowed: valid until `picture` is destroyed.
CPictures_text CPictures_picture_borrow_text(const CPictures_picture *_Nonnull picture, size_t index);

/// Frees the picture and its texts. Null is allowed.
void CPictures_picture_destroy(CPictures_picture *_Nullable picture);

#ifdef __cplusplus
}
#endif

#endif
