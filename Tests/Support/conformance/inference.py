# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Steps that have a model compute: one request, or a stream of them."""

import base64
import struct
import time

import tritonclient.grpc as triton
from canonical import array, error_of, response_of


def value_of(parameter):
    """A parameter of an operation as the Python value of its kind."""
    (kind, value), = parameter.items()
    if kind == "int":
        return int(value)
    if kind == "double":
        return struct.unpack("<d", base64.b64decode(value))[0]
    return value


def request(step):
    """The arguments of infer and async_stream_infer for a step."""
    inputs = []
    for tensor in step["inputs"]:
        values = array(tensor)
        described = triton.InferInput(tensor["name"], list(values.shape), tensor["type"])
        described.set_data_from_numpy(values)
        inputs.append(described)
    arguments = {"model_name": step["model"], "inputs": inputs}
    if "outputs" in step:
        arguments["outputs"] = [
            triton.InferRequestedOutput(output["name"], class_count=output.get("classes", 0))
            for output in step["outputs"]
        ]
    if "version" in step:
        arguments["model_version"] = step["version"]
    if "id" in step:
        arguments["request_id"] = step["id"]
    if "priority" in step:
        arguments["priority"] = int(step["priority"])
    if "queue_timeout_us" in step:
        arguments["timeout"] = int(step["queue_timeout_us"])
    if "parameters" in step:
        arguments["parameters"] = {name: value_of(value) for name, value in step["parameters"].items()}
    if "sequence" in step:
        sequence = step["sequence"]
        arguments["sequence_id"] = value_of(sequence["id"])
        arguments["sequence_start"] = sequence["start"]
        arguments["sequence_end"] = sequence["end"]
    return arguments


def seconds(step):
    return step["timeout_ms"] / 1000 if "timeout_ms" in step else None


def infer(client, step):
    return response_of(
        client.infer(
            **request(step),
            headers=step.get("headers"),
            compression_algorithm=step.get("compression"),
            client_timeout=seconds(step),
        ))


def stream(client, step):
    """The answers by their request's id, in their order; errors, which come without an id; how the stream ended."""
    answers, errors, ending = {}, [], None

    def receive(result, error):
        nonlocal ending
        if error is None:
            answer = response_of(result)
            # Said by a parameter here and by a property there.
            final = answer["parameters"].get("triton_final_response") == {"bool": True}
            answers.setdefault(answer["id"], []).append({**answer, "final": final})
        elif error.status() is None:
            errors.append(error.message())
        else:
            ending = error_of(error)

    client.start_stream(
        receive, headers=step.get("headers"), compression_algorithm=step.get("compression"), stream_timeout=seconds(step))
    try:
        for part in step["requests"]:
            client.async_stream_infer(**request(part), enable_empty_final_response=True)
            time.sleep(step.get("pause_ms", 0) / 1000)
    finally:
        client.stop_stream()
    return {"answers": answers, "errors": errors, "ending": ending}


STEPS = {"infer": infer, "stream": stream}
