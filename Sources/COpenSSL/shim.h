// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <openssl/sha.h>

#endif  // COPENSSL_SHIM_H
