# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The canonical JSON of tensors, parameters and errors.

Bytes are in base64, so that equal text means equal bits. Numbers that JSON may round are decimal strings.
"""

import base64
import struct

import ml_dtypes
import numpy as np

NUMPY_TYPES = {
    "BOOL": np.bool_, "UINT8": np.uint8, "UINT16": np.uint16, "UINT32": np.uint32, "UINT64": np.uint64,
    "INT8": np.int8, "INT16": np.int16, "INT32": np.int32, "INT64": np.int64,
    "FP16": np.float16, "FP32": np.float32, "FP64": np.float64, "BF16": ml_dtypes.bfloat16,
}


def text(data):
    return base64.b64encode(data).decode()


def array(tensor):
    """A tensor of an operation: its elements as bytes; of FP16 and BF16 as the FP32 to convert."""
    if "elements" in tensor:
        elements = np.empty(len(tensor["elements"]), np.object_)
        elements[:] = [base64.b64decode(element) for element in tensor["elements"]]
        return elements.reshape(tensor["shape"])
    data = base64.b64decode(tensor["data"])
    if tensor["type"] in ("FP16", "BF16"):
        with np.errstate(all="ignore"):
            values = np.frombuffer(data, np.float32).astype(NUMPY_TYPES[tensor["type"]])
    else:
        values = np.frombuffer(data, NUMPY_TYPES[tensor["type"]])
    return values.reshape(tensor["shape"])


def outputs_of(result):
    """The outputs in the server's order: the bytes that arrived, and what as_numpy makes of them."""
    response = result.get_response()
    described = []
    for index, output in enumerate(response.outputs):
        raw = response.raw_output_contents[index]
        read = result.as_numpy(output.name)
        facts = {"name": output.name, "type": output.datatype, "shape": list(output.shape), "raw": text(raw)}
        if output.datatype == "BYTES":
            facts["elements"] = [text(element) for element in read.flatten()]
        elif output.datatype in ("FP16", "BF16"):
            facts["floats"] = text(read.astype(np.float32).tobytes())
        else:
            facts["elements"] = text(read.tobytes())
        described.append(facts)
    return described


def parameter(value):
    """A parameter of an answer with its kind."""
    kind = value.WhichOneof("parameter_choice")
    if kind == "bool_param":
        return {"bool": value.bool_param}
    if kind == "string_param":
        return {"string": value.string_param}
    if kind == "double_param":
        return {"double": text(struct.pack("<d", value.double_param))}
    return {"int": str(getattr(value, kind))}


def parameters_of(response):
    return {name: parameter(value) for name, value in response.parameters.items()}


def response_of(result):
    response = result.get_response()
    return {
        "model": response.model_name,
        "version": response.model_version,
        "id": response.id,
        "parameters": parameters_of(response),
        "outputs": outputs_of(result),
    }


def error_of(error):
    """The gRPC code and the server's text; LOCAL when the client refused to send."""
    if error.status() is None:
        return {"code": "LOCAL"}
    code = error.status().removeprefix("StatusCode.")
    # The text of this one comes from the gRPC library of the client.
    return {"code": code} if code == "DEADLINE_EXCEEDED" else {"code": code, "text": error.message()}
