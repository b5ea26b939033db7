# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""PyPI tritonclient.grpc.aio, one task for each call in flight, one client."""

import asyncio
import time

import tritonclient.grpc.aio as triton
from measurement import Measurement, Payload, options


async def main():
    chosen = options()
    payload = Payload(chosen.payload)
    measurement = Measurement(chosen)
    shape = list(payload.array.shape)
    async with triton.InferenceServerClient(chosen.target) as client:

        async def call(completely):
            given = triton.InferInput("INPUT0", shape, "FP32")
            given.set_data_from_numpy(payload.array)
            wanted = [triton.InferRequestedOutput("OUTPUT0")]
            answer = await client.infer("echo", [given], outputs=wanted)
            payload.check(answer.as_numpy("OUTPUT0"), completely)

        async def lane(phase):
            latencies = []
            now = time.perf_counter_ns()
            while phase.goes_on(len(latencies), now):
                begin = time.perf_counter_ns()
                await call(phase.compares and not latencies)
                now = time.perf_counter_ns()
                latencies.append(now - begin)
            return latencies

        async def run(phase):
            return await asyncio.gather(*(lane(phase) for _ in range(phase.lanes)))

        await run(measurement.warm_up())
        measurement.record(await run(measurement.measured()))
        await run(measurement.afterwards())
    measurement.report("python-aio")


if __name__ == "__main__":
    asyncio.run(main())
