// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

// What ThreadSanitizer cannot see: the order that gRPC's libraries, which are not instrumented, establish between
// threads. These definitions take the place of the libraries' own, say so and go on there:
//
// * an operation is started before its tag comes out of the completion queue;
// * a slice is made before its memory is released.
//
// Nothing else is ordered here, so that a race in the code that calls gRPC stays visible.

#include <dlfcn.h>
#include <grpc/grpc.h>
#include <grpc/slice.h>

extern "C" {
void __tsan_acquire(void *address);
void __tsan_release(void *address);
}

namespace {

template <class Function>
Function *next(Function *, const char *name) {
  return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

struct Release {
  void (*function)(void *);
  void *context;

  static void call(void *self) {
    __tsan_acquire(self);
    const Release release = *static_cast<Release *>(self);
    delete static_cast<Release *>(self);
    release.function(release.context);
  }
};

}  // namespace

extern "C" grpc_call_error grpc_call_start_batch(
    grpc_call *call, const grpc_op *operations, size_t count, void *tag, void *reserved) {
  static const auto real = next(grpc_call_start_batch, "grpc_call_start_batch");
  __tsan_release(tag);
  return real(call, operations, count, tag, reserved);
}

extern "C" void grpc_channel_watch_connectivity_state(
    grpc_channel *channel, grpc_connectivity_state state, gpr_timespec deadline, grpc_completion_queue *queue, void *tag) {
  static const auto real = next(grpc_channel_watch_connectivity_state, "grpc_channel_watch_connectivity_state");
  __tsan_release(tag);
  real(channel, state, deadline, queue, tag);
}

extern "C" grpc_event grpc_completion_queue_next(grpc_completion_queue *queue, gpr_timespec deadline, void *reserved) {
  static const auto real = next(grpc_completion_queue_next, "grpc_completion_queue_next");
  const grpc_event event = real(queue, deadline, reserved);
  if (event.type == GRPC_OP_COMPLETE) __tsan_acquire(event.tag);
  return event;
}

extern "C" grpc_slice grpc_slice_new_with_user_data(void *bytes, size_t count, void (*release)(void *), void *context) {
  static const auto real = next(grpc_slice_new_with_user_data, "grpc_slice_new_with_user_data");
  auto *ordered = new Release{release, context};
  __tsan_release(ordered);
  return real(bytes, count, Release::call, ordered);
}
