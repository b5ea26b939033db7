// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import CTritonTransport
import Synchronization

/// The thread that waits for servers, and an executor for tasks that talk to them.
///
/// Every call is answered on such a thread. A task that runs somewhere else, which is the normal case, is woken
/// on its own thread then. A task that prefers this executor goes on where the answer arrived, which saves the
/// change of threads: some ten microseconds a call, worth having for small tensors in a tight loop.
///
/// ```swift
/// try await withTaskExecutorPreference(client.executor) {
///   for step in 0..<1_000 {
///     latents = try await unet(["sample": latents, "timestep": Tensor(scalar: step)]).output("noise_pred")
///   }
/// }
/// ```
///
/// While such a task computes, no other call on the same executor is answered: give long computations an executor
/// of their own, or leave them where they are.
public final class InferenceExecutor: TaskExecutor {
  /// The executor of clients that are not given another one. Its thread starts with the first of them and lives
  /// as long as the process.
  public static let shared = InferenceExecutor(name: "TritonClient")

  private let jobs: JobQueue
  private let handle: Handle

  /// The shim's loop, valid as long as the executor is.
  var loop: OpaquePointer { self.handle.pointer }

  /// An executor with a thread of its own, which ends with the executor and the calls that it still waits for.
  ///
  /// - Parameter name: name of the thread in debuggers.
  public init(name: String = "TritonClient") {
    let jobs = JobQueue()
    self.jobs = jobs
    self.handle = Handle(name: name, jobs: jobs)
  }

  /// Runs a job on the executor's thread.
  public func enqueue(_ job: consuming ExecutorJob) {
    let entry = JobQueue.Entry(job: UnownedJob(job), executor: self.asUnownedTaskExecutor())
    let isCurrent = CTriton_loop_is_current(self.loop)
    if self.jobs.append(entry, isCurrent: isCurrent) { CTriton_loop_wake(self.loop) }
  }

  /// The shim's loop, stopped with the executor.
  ///
  /// `@unchecked Sendable`: the handle is set once and the shim's functions may be called from any thread.
  private final class Handle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(name: String, jobs: JobQueue) {
      let context = Unmanaged.passRetained(jobs).toOpaque()
      var tasks = CTriton_LoopTasks(
        run: { Unmanaged<JobQueue>.fromOpaque($0).takeUnretainedValue().run() },
        end: { Unmanaged<JobQueue>.fromOpaque($0).release() }
      )
      guard let pointer = CTriton_loop_start(name, context, &tasks) else {
        // A process without memory for a thread cannot go on, and a task executor has no way to refuse a job: the
        // standard library ends the process, too, when it can start no thread for its own.
        fatalError("the system has no thread left for \(name)")
      }
      self.pointer = pointer
    }

    deinit {
      CTriton_loop_stop(self.pointer)
    }
  }
}

/// The jobs that wait for an executor's thread.
///
/// `@unchecked Sendable`: `running` and `local` are used on the executor's thread only, the rest is in a mutex.
private final class JobQueue: @unchecked Sendable {
  struct Entry {
    let job: UnownedJob
    let executor: UnownedTaskExecutor
  }

  private struct Inbox {
    var entries: [Entry] = []
    /// Whether the thread waits, or is about to, and has to be woken.
    var isThreadWaiting = false
  }

  private let inbox = Mutex(Inbox())
  private var local: [Entry] = []
  private var running: [Entry] = []

  /// Returns whether the thread has to be woken for the job.
  func append(_ entry: Entry, isCurrent: Bool) -> Bool {
    if isCurrent {
      self.local.append(entry)
      return false
    }
    return self.inbox.withLock { inbox in
      inbox.entries.append(entry)
      defer { inbox.isThreadWaiting = false }
      return inbox.isThreadWaiting
    }
  }

  /// Runs the jobs that are ready now; those that they make ready come with the next call, after a look at what
  /// gRPC has. Returns whether there are any.
  func run() -> Bool {
    self.inbox.withLock { inbox in
      self.local.append(contentsOf: inbox.entries)
      inbox.entries.removeAll(keepingCapacity: true)
      inbox.isThreadWaiting = false
    }
    swap(&self.local, &self.running)
    for entry in self.running { entry.job.runSynchronously(on: entry.executor) }
    self.running.removeAll(keepingCapacity: true)
    if !self.local.isEmpty { return true }
    return self.inbox.withLock { inbox in
      inbox.isThreadWaiting = inbox.entries.isEmpty
      return !inbox.isThreadWaiting
    }
  }
}
