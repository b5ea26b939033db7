# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Adds up the values of each sequence."""

import numpy as np
import triton_python_backend_utils as pb_utils


def value(request, name):
    return pb_utils.get_input_tensor_by_name(request, name).as_numpy().flatten()[0]


class TritonPythonModel:
    def initialize(self, args):
        self.sums = {}

    def execute(self, requests):
        responses = []
        for request in requests:
            sequence = value(request, "CORRELATION")
            if value(request, "START"):
                self.sums[sequence] = 0
            self.sums[sequence] += int(value(request, "VALUE"))
            total = np.array([[self.sums[sequence]]], np.int32)
            responses.append(pb_utils.InferenceResponse([pb_utils.Tensor("SUM", total)]))
        return responses
