// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// gRPC for Swift: channels, unary calls and streams over libgrpc++, behind C functions.
///
/// Conventions. Each kind of handle is a distinct incomplete struct with one owner, freed by its
/// `_destroy`. A pointer that a function "borrows" is read before the function returns. No C++ exception
/// crosses this header. Every function may be called from any thread and none of them blocks.

#ifndef CTRITON_TRANSPORT_H
#define CTRITON_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define CTRITON_NULLABLE _Nullable
#else
#define CTRITON_NULLABLE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// A thread that waits for gRPC: everything that happens to calls is reported on it.
typedef struct CTriton_Loop CTriton_Loop;

/// A connection pool to one server. It connects when the first call needs it, and again after a loss.
typedef struct CTriton_Channel CTriton_Channel;

/// One call in flight, or one that has ended and is not destroyed yet.
typedef struct CTriton_Call CTriton_Call;

/// A received message: a list of slices, kept until the message is destroyed.
typedef struct CTriton_Message CTriton_Message;

/// What else a loop's thread does.
typedef struct {
  /// Called before the thread waits. Does what there is to do and returns whether there is more already.
  bool (*run)(void *context);
  /// Called once, when the thread ends.
  void (*end)(void *context);
} CTriton_LoopTasks;

/// How a channel connects.
typedef struct {
  /// Largest message accepted from the server in bytes; negative for no limit.
  int32_t maximumReceiveBytes;
  /// Longest time one attempt to connect may take, in milliseconds.
  int32_t connectTimeoutMilliseconds;
  /// First and longest pause between two attempts to connect, in milliseconds.
  int32_t initialReconnectBackoffMilliseconds;
  int32_t maximumReconnectBackoffMilliseconds;
  /// Whether the proxy named by the environment (`https_proxy`, `http_proxy`) is used.
  bool usesProxy;
  /// Time without anything from the server after which it is asked for a sign of life, in milliseconds, 100 or more;
  /// negative for never. gRPC 1.51 may end the process when it is to ask before the connection is set up.
  int32_t keepaliveIntervalMilliseconds;
  /// Time after which the connection is given up if there is none, in milliseconds.
  int32_t keepaliveTimeoutMilliseconds;
  /// Whether the server is asked also while there is no call.
  bool keepsAliveWithoutCalls;
  /// First part of the `user-agent` header. Borrowed.
  const char *userAgent;
} CTriton_ChannelOptions;

/// A request header. The key is lower case; both strings are NUL-terminated and borrowed.
typedef struct {
  const char *key;
  const char *value;
} CTriton_Header;

/// Bytes to send. They stay where they are: the memory must remain valid and unchanged until `release` has
/// been called with `context`, exactly once, from any thread. Without `release` the bytes are copied.
typedef struct {
  /// May be null when there are no bytes.
  const void *CTRITON_NULLABLE bytes;
  size_t byteCount;
  void (*CTRITON_NULLABLE release)(void *CTRITON_NULLABLE context);
  void *CTRITON_NULLABLE context;
} CTriton_OutgoingSlice;

/// What `pushbackMilliseconds` is when the server said nothing about another attempt.
static const int64_t CTRITON_NO_PUSHBACK = INT64_MIN;

/// How a call ended: a gRPC status code (0 is success) and the text that came with it, valid during the
/// completion only.
typedef struct {
  int32_t code;
  const char *message;
  size_t messageByteCount;
  /// When the server wants another attempt (`grpc-retry-pushback-ms`, gRFC A6); -1 for never, which a value means
  /// too that is no number. Looked at only when the code is not 0.
  int64_t pushbackMilliseconds;
} CTriton_Status;

/// How the messages that a call sends are compressed.
typedef enum {
  CTriton_Compression_none = 0,
  CTriton_Compression_deflate = 1,
  CTriton_Compression_gzip = 2,
} CTriton_Compression;

/// What a call is and how it is sent. Everything is borrowed.
typedef struct {
  /// Full method path such as "/inference.GRPCInferenceService/ServerLive".
  const char *method;
  const CTriton_Header *CTRITON_NULLABLE headers;
  size_t headerCount;
  /// Time until the call fails with DEADLINE_EXCEEDED; negative for no limit.
  int64_t timeoutNanoseconds;
  CTriton_Compression compression;
  /// Whether a unary call tells its times. That takes three operations in the place of one.
  bool isTimed;
} CTriton_CallDescription;

/// Nanoseconds from the start of a call; negative where they are not known.
typedef struct {
  /// Until gRPC had handed the request to the connection.
  int64_t sent;
  /// Until the answer's headers had come, which servers send when they begin to answer.
  int64_t answered;
} CTriton_CallTimes;

/// Called once for each started call, on the loop's thread, possibly before the function that started the call
/// returns. `message` is null unless the code is 0; the callee owns it.
typedef void (*CTriton_UnaryCompletion)(
    void *context, const CTriton_Status *status, const CTriton_CallTimes *times,
    CTriton_Message *CTRITON_NULLABLE message);

/// Starts a thread.
///
/// @param name of the thread, for debuggers. Borrowed.
/// @param context passed to the tasks, valid until `end` has returned.
/// @return the loop, owned by the caller. Null when there is no memory for a thread: then no task is ever called.
CTriton_Loop *CTRITON_NULLABLE CTriton_loop_start(
    const char *name, void *context, const CTriton_LoopTasks *tasks);

/// Has the thread call `run` once more, soon.
void CTriton_loop_wake(CTriton_Loop *loop);

/// Whether the calling thread is the loop's.
bool CTriton_loop_is_current(const CTriton_Loop *loop);

/// Frees the handle. The thread ends when the last call and the last watch have and the last stream is destroyed; no
/// channel of the loop may start another call.
void CTriton_loop_stop(CTriton_Loop *loop);

/// Creates a channel to `target` (gRPC name syntax, `host:port`; borrowed), whose calls report on the thread of
/// `loop`. Null when memory is exhausted.
CTriton_Channel *CTRITON_NULLABLE CTriton_channel_create(
    const char *target, const CTriton_ChannelOptions *options, const CTriton_Loop *loop);

/// Frees the channel. Its connection stays until its last call and stream have ended and are destroyed.
void CTriton_channel_destroy(CTriton_Channel *channel);

/// Has a channel connect if it is not connected, and at once where it is waiting to try again.
void CTriton_channel_connect(CTriton_Channel *channel);

/// What a channel's connection is like.
typedef enum {
  /// There is none, and none is being made: no call has needed it yet, or it was lost and none has needed it since.
  CTriton_ChannelState_idle = 0,
  CTriton_ChannelState_connecting = 1,
  CTriton_ChannelState_ready = 2,
  /// None could be made; it is tried again after a pause.
  CTriton_ChannelState_transientFailure = 3,
  /// The channel is gone.
  CTriton_ChannelState_shutdown = 4,
} CTriton_ChannelState;

/// What a watch tells, on the loop's thread.
typedef struct {
  /// The state at the beginning, then each one that is another than the one before. What lasts too short may be left
  /// out. Returns whether to go on; otherwise the watch ends.
  bool (*onState)(void *context, CTriton_ChannelState state);
  /// The watch has ended, because `onState` said so, the channel and all its calls and streams are gone, or its loop
  /// is stopped; nothing comes after it.
  void (*onEnd)(void *context);
} CTriton_ChannelEvents;

/// Watches the state of a channel's connection, without keeping the channel. A loop's thread does not end before its
/// watches.
///
/// @param context passed to the events, valid until `onEnd` has returned.
/// @return false if memory is exhausted or the loop has been stopped: then no event is ever called.
bool CTriton_channel_watch(CTriton_Channel *channel, void *context, const CTriton_ChannelEvents *events);

/// Starts one unary call.
///
/// @param slices `sliceCount` pieces that form the request message in order; the array is borrowed, the
///   memory behind it follows the contract of `CTriton_OutgoingSlice` on every path, failures included. It is
///   released before `completion` is called unless the connection has stalled or none was made.
/// @param context passed to `completion`.
/// @return the call, owned by the caller. Null only when memory is exhausted: then each slice has been
///   released and `completion` is never called.
CTriton_Call *CTRITON_NULLABLE CTriton_call_start_unary(
    CTriton_Channel *channel, const CTriton_CallDescription *description,
    const CTriton_OutgoingSlice *CTRITON_NULLABLE slices, size_t sliceCount,
    void *context, CTriton_UnaryCompletion completion);

/// Asks a call to end with CANCELLED. Does nothing to a call that has ended.
void CTriton_call_cancel(CTriton_Call *call);

/// Frees the handle. The call itself goes on, if it has not ended.
void CTriton_call_destroy(CTriton_Call *call);

/// One bidirectional stream of messages, in progress or ended and not destroyed yet.
typedef struct CTriton_Stream CTriton_Stream;

/// What a stream tells its owner, on the loop's thread.
typedef struct {
  /// The read that was asked for brought a message, which the callee owns, or found the end (null), or took too long
  /// (null and late), which ends the stream.
  void (*onRead)(void *context, CTriton_Message *CTRITON_NULLABLE message, bool isLate);
  /// The write that was asked for is done, or was lost with the stream (false).
  void (*onWrite)(void *context, bool isWritten);
  /// The stream has ended, the last call of all. No call comes after it.
  void (*onEnd)(void *context, const CTriton_Status *status);
} CTriton_StreamEvents;

/// Starts a bidirectional stream.
///
/// @param context passed to the events, valid until `onEnd` has returned.
/// @return the stream, owned by the caller. Null only when memory is exhausted: then no event is ever called.
CTriton_Stream *CTRITON_NULLABLE CTriton_stream_start(
    CTriton_Channel *channel, const CTriton_CallDescription *description, void *context,
    const CTriton_StreamEvents *events);

/// Asks for the next message. One read may be under way at a time; `onRead` answers it.
/// @param timeoutNanoseconds time until the stream is cancelled for want of a message; negative for no limit.
/// @return false if the stream has ended: then there is no answer.
bool CTriton_stream_read(CTriton_Stream *stream, int64_t timeoutNanoseconds);

/// Sends a message; the slices follow the contract of `CTriton_OutgoingSlice`. One write may be under way at
/// a time; `onWrite` answers it.
/// @return false if the stream has ended: then the slices have been released and there is no answer.
bool CTriton_stream_write(
    CTriton_Stream *stream, const CTriton_OutgoingSlice *CTRITON_NULLABLE slices, size_t sliceCount);

/// Tells the server that no message follows. Not while a write is under way; does nothing the second time.
void CTriton_stream_finish_writing(CTriton_Stream *stream);

/// Asks the stream to end with CANCELLED. Does nothing to one that has ended.
void CTriton_stream_cancel(CTriton_Stream *stream);

/// Frees the handle. A stream that has not ended is cancelled.
void CTriton_stream_destroy(CTriton_Stream *stream);

/// Number of slices of a message.
size_t CTriton_message_slice_count(const CTriton_Message *message);

/// Borrows slice `index` (which must be smaller than the count) until the message is destroyed.
const void *CTRITON_NULLABLE CTriton_message_borrow_slice(
    const CTriton_Message *message, size_t index, size_t *byteCount);

/// Frees the message and its slices.
void CTriton_message_destroy(CTriton_Message *message);

/// Converts `count` numbers to IEEE 754 half precision and to bfloat16, to nearest, ties to even; a NaN stays a
/// NaN. `destination` takes 2 bytes a number and need not be aligned.
void CTriton_fp16_from_float(const float *source, void *destination, size_t count);
void CTriton_bf16_from_float(const float *source, void *destination, size_t count);

/// Converts `count` numbers back, exactly. `source` need not be aligned.
void CTriton_float_from_fp16(const void *source, float *destination, size_t count);
void CTriton_float_from_bf16(const void *source, float *destination, size_t count);

/// Nanoseconds on the clock that deadlines are on.
int64_t CTriton_monotonic_nanoseconds(void);

/// Version of the gRPC library in use, such as "1.51.1". Static.
const char *CTriton_grpc_version(void);

#ifdef __cplusplus
}
#endif

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif  // CTRITON_TRANSPORT_H
