# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Multiplies by the number of its version."""

import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def initialize(self, args):
        self.factor = int(args["model_version"])

    def execute(self, requests):
        return [
            pb_utils.InferenceResponse([
                pb_utils.Tensor("PRODUCT", self.factor * pb_utils.get_input_tensor_by_name(request, "SCORES").as_numpy())
            ])
            for request in requests
        ]
