# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""A Triton backend called `onnxruntime`, written in Python, for servers on machines without NVIDIA's image.

Triton looks for a backend's code in a folder of its name. With this file in `backends/onnxruntime/` beside
the Python backend's `backends/python/`, every model that says `backend: "onnxruntime"` runs its `model.onnx`
through the PyPI package onnxruntime on the CPU. NVIDIA's image has a compiled backend of the same name and
reads the same repository, so a model does not know which of the two serves it.

What it shares with the compiled one: the parameters `intra_op_thread_count` and `inter_op_thread_count`,
`optimization { graph { level } }`, `default_model_filename`, and tensors that are left out of
`config.pbtxt` being read from the ONNX file. The environment variable ONNXRUNTIME_THREADS gives the thread
count of models that do not name one.
"""

import json
import os

import numpy as np
import triton_python_backend_utils as pb_utils

# Triton's name of an element type for each that ONNX Runtime reports, as far as NumPy has it too.
CONFIG_TYPES = {
    "tensor(bool)": "TYPE_BOOL",
    "tensor(uint8)": "TYPE_UINT8",
    "tensor(uint16)": "TYPE_UINT16",
    "tensor(uint32)": "TYPE_UINT32",
    "tensor(uint64)": "TYPE_UINT64",
    "tensor(int8)": "TYPE_INT8",
    "tensor(int16)": "TYPE_INT16",
    "tensor(int32)": "TYPE_INT32",
    "tensor(int64)": "TYPE_INT64",
    "tensor(float16)": "TYPE_FP16",
    "tensor(float)": "TYPE_FP32",
    "tensor(double)": "TYPE_FP64",
    "tensor(string)": "TYPE_STRING",
}

# ONNX Runtime's names for the graph levels of `config.pbtxt`; 0, the default, means everything.
GRAPH_LEVELS = {-1: "ORT_ENABLE_BASIC", 0: "ORT_ENABLE_ALL", 1: "ORT_ENABLE_EXTENDED", 2: "ORT_DISABLE_ALL"}


class ModelError(Exception):
    """Something that a caller or the author of a model can put right; its text goes to them."""


def model_file(config):
    """The path of the version's ONNX file."""
    path = os.path.join(pb_utils.get_model_dir(), config.get("default_model_filename") or "model.onnx")
    if not os.path.isfile(path):
        raise ModelError(f"there is no file '{path}'")
    return path


def open_session(config):
    """An inference session for a model as its configuration (a dictionary) wants it."""
    # Imported here because Triton also starts this file once a model only to complete its configuration.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = thread_count(config, "intra_op_thread_count")
    options.inter_op_num_threads = thread_count(config, "inter_op_thread_count", otherwise=1)
    level = int(config.get("optimization", {}).get("graph", {}).get("level", 0))
    if level not in GRAPH_LEVELS:
        raise ModelError(f"optimization graph level {level} is not one of {sorted(GRAPH_LEVELS)}")
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, GRAPH_LEVELS[level])
    # Several models share few cores: a thread that waits must not keep one busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    path = model_file(config)
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has a class of its own for every kind of bad file
        raise ModelError(f"onnxruntime cannot load '{path}': {error}") from error


def thread_count(config, parameter, otherwise=None):
    """A thread count from the model's parameters, else `otherwise`, else the environment's or every core."""
    text = config.get("parameters", {}).get(parameter, {}).get("string_value")
    if text is None:
        if otherwise is not None:
            return otherwise
        text = os.environ.get("ONNXRUNTIME_THREADS") or str(len(os.sched_getaffinity(0)))
    try:
        count = int(text)
    except ValueError:
        count = -1
    # As in the compiled backend, 0 leaves the choice to ONNX Runtime.
    if count < 0:
        raise ModelError(f"parameter '{parameter}' is '{text}', not a number of threads")
    return count


def described(values):
    """Names, types and shapes of arrays, for an error message."""
    return ", ".join(f"{name} {value.dtype} {list(value.shape)}" for name, value in values.items())


class TritonPythonModel:
    """One instance of an ONNX model. The class and method names are the Python backend's interface."""

    @staticmethod
    def auto_complete_config(auto_complete_model_config):
        """Adds the inputs and outputs that `config.pbtxt` leaves out, as the ONNX file has them."""
        config = auto_complete_model_config.as_dict()
        if config.get("input") and config.get("output"):
            return auto_complete_model_config
        try:
            session = open_session(config)
            batching = config.get("max_batch_size", 0) > 0
            if not config.get("input"):
                for tensor in session.get_inputs():
                    auto_complete_model_config.add_input(tensor_configuration(tensor, batching))
            if not config.get("output"):
                for tensor in session.get_outputs():
                    auto_complete_model_config.add_output(tensor_configuration(tensor, batching))
        except ModelError as error:
            raise pb_utils.TritonModelException(str(error)) from error
        return auto_complete_model_config

    def initialize(self, args):
        """Opens the ONNX file and checks that it fits the configuration."""
        self.name = args["model_name"]
        config = json.loads(args["model_config"])
        self.batching = config["max_batch_size"] > 0
        try:
            self.session = open_session(config)
            self.input_types = {tensor.name: tensor.type for tensor in self.session.get_inputs()}
            self.output_types = {tensor.name: tensor.type for tensor in self.session.get_outputs()}
            check_configuration(config["input"], self.input_types, "input")
            check_configuration(config["output"], self.output_types, "output")
        except ModelError as error:
            raise pb_utils.TritonModelException(f"model '{self.name}': {error}") from error

    def execute(self, requests):
        """Answers the requests of one batch, those with tensors that fit together in a single run."""
        inputs = [self.read_inputs(request) for request in requests]
        responses = [None] * len(requests)
        for members in self.groups(inputs):
            self.answer(members, requests, inputs, responses)
        return responses

    def read_inputs(self, request):
        """A request's tensors by name, as ONNX Runtime takes them."""
        arrays = {}
        for tensor in request.inputs():
            array = tensor.as_numpy()
            if self.input_types[tensor.name()] == "tensor(string)":
                array = np.array([text.decode("utf-8") for text in array.ravel()], object).reshape(array.shape)
            arrays[tensor.name()] = array
        return arrays

    def groups(self, inputs):
        """Lists of request numbers whose tensors differ in nothing but the number of rows."""
        if not self.batching:
            return [[number] for number in range(len(inputs))]
        groups = {}
        for number, arrays in enumerate(inputs):
            key = tuple(sorted((name, array.dtype.str, array.shape[1:]) for name, array in arrays.items()))
            groups.setdefault(key, []).append(number)
        return list(groups.values())

    def answer(self, members, requests, inputs, responses):
        """Runs the requests numbered `members` together and fills in their responses."""
        wanted = [name for name in self.output_types
                  if any(name in requests[number].requested_output_names() for number in members)]
        if len(members) == 1:
            feed = inputs[members[0]]
        else:
            feed = {name: np.concatenate([inputs[number][name] for number in members])
                    for name in inputs[members[0]]}
        try:
            results = self.run(feed, wanted)
        except ModelError as error:
            if len(members) > 1:
                # One request must not fail because of another that happened to arrive with it.
                for number in members:
                    self.answer([number], requests, inputs, responses)
            else:
                responses[members[0]] = pb_utils.InferenceResponse(error=pb_utils.TritonError(str(error)))
            return
        first = 0
        for number in members:
            rows = next(iter(inputs[number].values())).shape[0] if self.batching else None
            names = requests[number].requested_output_names()
            tensors = [
                pb_utils.Tensor(name, result[first:first + rows] if len(members) > 1 else result)
                for name, result in results.items() if name in names
            ]
            responses[number] = pb_utils.InferenceResponse(output_tensors=tensors)
            first += rows or 0

    def run(self, feed, wanted):
        """One run of the model: the wanted outputs by name."""
        try:
            values = self.session.run(wanted, feed)
        except Exception as error:  # onnxruntime has a class of its own for every kind of failure
            raise ModelError(
                f"model '{self.name}': onnxruntime failed on {described(feed)}: {error}") from error
        results = dict(zip(wanted, values))
        if self.batching:
            rows = next(iter(feed.values())).shape[0]
            for name, value in results.items():
                if value.ndim == 0 or value.shape[0] != rows:
                    raise ModelError(
                        f"model '{self.name}': output '{name}' has shape {list(value.shape)} for a batch of "
                        f"{rows}; its first dimension must be the batch, or max_batch_size must be 0")
        for name, value in results.items():
            if self.output_types[name] == "tensor(string)":
                texts = [text.encode("utf-8") for text in value.ravel()]
                results[name] = np.array(texts, object).reshape(value.shape)
        return results

    def finalize(self):
        """Lets go of the session before the process ends."""
        self.session = None


def tensor_configuration(tensor, batching):
    """The `config.pbtxt` entry of an ONNX input or output."""
    if tensor.type not in CONFIG_TYPES:
        raise ModelError(f"tensor '{tensor.name}' has the type {tensor.type}, which this backend cannot carry")
    dims = [size if isinstance(size, int) else -1 for size in tensor.shape]
    return {"name": tensor.name, "data_type": CONFIG_TYPES[tensor.type], "dims": dims[1:] if batching else dims}


def check_configuration(configured, actual, kind):
    """Refuses a configuration whose tensors the ONNX file does not have, or has in another type."""
    for entry in configured:
        name, given = entry["name"], entry["data_type"]
        if name not in actual:
            raise ModelError(
                f"config.pbtxt has the {kind} '{name}', but the ONNX file has only {', '.join(sorted(actual))}")
        expected = CONFIG_TYPES.get(actual[name])
        if given != expected:
            raise ModelError(f"config.pbtxt gives the {kind} '{name}' as {given}, the ONNX file as {actual[name]}")
