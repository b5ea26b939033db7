// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import Testing

@Suite("Schedulers")
struct SchedulerTests {
  @Test(
    "ComfyUI's levels for five steps of Stable Diffusion 1.5",
    arguments: [
      (Scheduler.simple, [Float(14.61464119), 5.08776331, 2.27646303, 1.16057837, 0.56928492]),
      (.normal, [14.61464, 4.08608103, 1.61558032, 0.69514954, 0.02916716]),
      (.karras, [14.6146431, 4.79653454, 1.27410078, 0.24794997, 0.02916718]),
    ])
  func fiveSteps(scheduler: Scheduler, expected: [Float]) throws {
    let sigmas = scheduler.sigmas(for: try NoiseSchedule(), steps: 5)
    #expect(sigmas.last == 0)
    #expect(isClose(Array(sigmas.dropLast()), expected, relative: 2e-6), "\(scheduler): \(sigmas)")
  }

  @Test("Any number of steps gives one level more, descending to 0", arguments: Scheduler.known)
  func shape(scheduler: Scheduler) throws {
    let schedule = try NoiseSchedule()
    for steps in [1, 2, 3, 7, 20, 30, 100, 999, 1000] {
      let sigmas = scheduler.sigmas(for: schedule, steps: steps)
      #expect(sigmas.count == steps + 1)
      #expect(sigmas.last == 0)
      #expect(zip(sigmas, sigmas.dropFirst()).allSatisfy(>=), "\(scheduler), \(steps) steps")
      #expect(isClose([sigmas[0]], [schedule.sigmaMax], relative: 1e-6))
    }
  }

  @Test("simple takes its levels from the table itself")
  func simple() throws {
    let schedule = try NoiseSchedule()
    #expect(
      Scheduler.simple.sigmas(for: schedule, steps: 20)
        == (0..<20).map { schedule.sigmas[999 - 50 * $0] } + [0])
  }

  @Test("With denoise below 1 the last levels of a longer run are taken")
  func denoise() throws {
    let schedule = try NoiseSchedule()
    let all = Scheduler.karras.sigmas(for: schedule, steps: 26)
    #expect(Scheduler.karras.sigmas(for: schedule, steps: 20, denoise: 0.75) == Array(all.suffix(21)))
    #expect(
      Scheduler.karras.sigmas(for: schedule, steps: 20, denoise: 0.99995)
        == Scheduler.karras.sigmas(for: schedule, steps: 20))
    #expect(Scheduler.karras.sigmas(for: schedule, steps: 20, denoise: 0) == [])
    #expect(Scheduler.karras.sigmas(for: schedule, steps: 0) == [])
  }

  @Test("Names are ComfyUI's; an unknown one is refused with the known ones")
  func names() throws {
    for scheduler in Scheduler.known { #expect(try Scheduler.named(scheduler.name) == scheduler) }
    let error = #expect(throws: GraphError.self) { try Scheduler.named("karas") }
    #expect(error?.code == .unknownScheduler)
    #expect(error?.description == "the scheduler \"karas\" is unknown: use simple, karras or normal")
  }
}
