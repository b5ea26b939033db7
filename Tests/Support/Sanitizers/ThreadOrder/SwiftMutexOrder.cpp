// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

// What ThreadSanitizer cannot see of Swift's Mutex: taking one that is free, or giving it back when nobody waits, is
// inlined into instrumented code, but the rest is in the toolchain's library, which is not. These definitions take the
// place of the library's own, say which order they establish and go on there.

#include <dlfcn.h>

#include <cstdint>

extern "C" {
void __tsan_acquire(void *address);
void __tsan_release(void *address);
}

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

/// `_MutexHandle._lockSlow(_:)` and `_MutexHandle._unlockSlow()`; the context is the handle.
extern "C" __attribute__((swiftcall)) void lock_slow(
    uint32_t thread, __attribute__((swift_context)) void *handle) __asm__(LOCK_SLOW);
extern "C" __attribute__((swiftcall)) void unlock_slow(__attribute__((swift_context)) void *handle)
    __asm__(UNLOCK_SLOW);

extern "C" __attribute__((swiftcall)) void lock_slow(
    uint32_t thread, __attribute__((swift_context)) void *handle) {
  static const auto real = reinterpret_cast<decltype(&lock_slow)>(dlsym(RTLD_NEXT, LOCK_SLOW));
  real(thread, handle);
  __tsan_acquire(handle);
}

extern "C" __attribute__((swiftcall)) void unlock_slow(__attribute__((swift_context)) void *handle) {
  static const auto real = reinterpret_cast<decltype(&unlock_slow)>(dlsym(RTLD_NEXT, UNLOCK_SLOW));
  __tsan_release(handle);
  real(handle);
}
