# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""PyPI tritonclient.grpc, one thread for each call in flight, one client."""

import time
from concurrent.futures import ThreadPoolExecutor

import tritonclient.grpc as triton
from measurement import Measurement, Payload, options


def main():
    chosen = options()
    payload = Payload(chosen.payload)
    measurement = Measurement(chosen)
    shape = list(payload.array.shape)
    with triton.InferenceServerClient(chosen.target) as client, ThreadPoolExecutor(chosen.in_flight) as pool:

        def call(completely):
            given = triton.InferInput("INPUT0", shape, "FP32")
            given.set_data_from_numpy(payload.array)
            wanted = [triton.InferRequestedOutput("OUTPUT0")]
            answer = client.infer("echo", [given], outputs=wanted)
            payload.check(answer.as_numpy("OUTPUT0"), completely)

        def lane(phase):
            latencies = []
            now = time.perf_counter_ns()
            while phase.goes_on(len(latencies), now):
                begin = time.perf_counter_ns()
                call(phase.compares and not latencies)
                now = time.perf_counter_ns()
                latencies.append(now - begin)
            return latencies

        def run(phase):
            if phase.lanes == 1:
                return [lane(phase)]
            return list(pool.map(lane, [phase] * phase.lanes))

        run(measurement.warm_up())
        measurement.record(run(measurement.measured()))
        run(measurement.afterwards())
    measurement.report("python")


if __name__ == "__main__":
    main()
