# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Serves the tokenizer's files: names in, contents out. Tokenizing itself is the client's work."""

import json
import os

import numpy as np
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def initialize(self, args):
        config = json.loads(args["model_config"])
        folder = os.path.join(args["model_repository"], args["model_version"])
        self.contents = {}
        for name in config["parameters"]["files"]["string_value"].split(","):
            with open(os.path.join(folder, name), "rb") as file:
                self.contents[name] = file.read()

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        names = [name.decode("utf-8", "replace") for name in
                 pb_utils.get_input_tensor_by_name(request, "files").as_numpy().reshape(-1)]
        unknown = [name for name in names if name not in self.contents]
        if unknown:
            return pb_utils.InferenceResponse(error=pb_utils.TritonError(
                f"this tokenizer has no file '{unknown[0]}'; it has: {', '.join(self.contents)}",
                pb_utils.TritonError.INVALID_ARG))
        contents = np.array([self.contents[name] for name in names], dtype=np.object_)
        return pb_utils.InferenceResponse(output_tensors=[pb_utils.Tensor("contents", contents)])
