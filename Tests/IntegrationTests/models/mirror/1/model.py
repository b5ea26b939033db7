# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Gives back each input and, as the output SEEN, what the request looked like from here, in JSON.

Parameters of a request say what else to do: "mirror_sleep_ms" waits first, "mirror_error" fails with the code of that
name.
"""

import json
import time

import numpy as np
import triton_python_backend_utils as pb_utils


def seen(request, parameters):
    """Everything that the backend tells about a request."""
    return {
        "id": request.request_id(),
        "correlation_id": request.correlation_id(),
        "flags": request.flags(),
        "timeout": request.timeout(),
        "parameters": parameters,
        "outputs": sorted(request.requested_output_names()),
        "inputs": {tensor.name(): described(tensor) for tensor in request.inputs()},
    }


def described(tensor):
    """A tensor's shape and its elements in hexadecimal. Of BF16 NumPy knows nothing: its bytes come back as output."""
    facts = {"shape": list(tensor.shape())}
    if tensor.name() == "IN_BF16":
        return facts
    array = tensor.as_numpy()
    facts["type"] = str(array.dtype)
    if array.dtype == np.object_:
        facts["elements"] = [bytes(element).hex() for element in array.flatten()]
    else:
        facts["bytes"] = array.tobytes().hex()
    return facts


def copied(tensor):
    name = tensor.name().replace("IN_", "OUT_", 1)
    if name == "OUT_BF16":
        return pb_utils.Tensor.from_dlpack(name, tensor)
    return pb_utils.Tensor(name, tensor.as_numpy())


class TritonPythonModel:
    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        parameters = json.loads(request.parameters() or "{}")
        time.sleep(parameters.get("mirror_sleep_ms", 0) / 1000)
        if "mirror_error" in parameters:
            code = getattr(pb_utils.TritonError, parameters["mirror_error"])
            return pb_utils.InferenceResponse(error=pb_utils.TritonError("as asked for", code))
        wanted = set(request.requested_output_names())
        outputs = [copied(tensor) for tensor in request.inputs()]
        if "SEEN" in wanted:
            text = json.dumps(seen(request, parameters), sort_keys=True).encode()
            outputs.append(pb_utils.Tensor("SEEN", np.array([text], np.object_)))
        return pb_utils.InferenceResponse([output for output in outputs if output.name() in wanted])
