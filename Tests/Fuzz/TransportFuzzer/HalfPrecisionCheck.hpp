// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#pragma once

#include "Program.hpp"

/// Converts numbers, taken from the program, from and to memory at any address, and compares each with what IEEE 754
/// asks for.
void check_conversion_to_half(Program &program);
void check_conversion_from_half(Program &program);
