# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Steps that ask a server about itself and its models, or change what it does."""

import base64
import time

from tritonclient.grpc import model_config_pb2

COUNTS = ("success", "fail", "queue", "compute_input", "compute_infer", "compute_output", "cache_hit", "cache_miss")


def type_name(data_type):
    name = model_config_pb2.DataType.Name(data_type).removeprefix("TYPE_")
    return "BYTES" if name == "STRING" else name


def server_metadata(client, step):
    metadata = client.get_server_metadata()
    return {"name": metadata.name, "version": metadata.version, "extensions": list(metadata.extensions)}


def model_metadata(client, step):
    def tensors(described):
        return [{"name": t.name, "type": t.datatype, "shape": list(t.shape)} for t in described]

    metadata = client.get_model_metadata(step["model"], step.get("version", ""))
    return {
        "name": metadata.name, "versions": list(metadata.versions), "platform": metadata.platform,
        "inputs": tensors(metadata.inputs), "outputs": tensors(metadata.outputs),
    }


def model_configuration(client, step):
    """The part of a configuration that TritonClient has types for."""
    def tensors(described, optional):
        return [{
            "name": t.name, "type": type_name(t.data_type), "dims": list(t.dims), "optional": optional(t),
        } for t in described]

    config = client.get_model_config(step["model"], step.get("version", "")).config
    return {
        "name": config.name, "platform": config.platform, "backend": config.backend,
        "max_batch_size": config.max_batch_size,
        "inputs": tensors(config.input, lambda t: t.optional),
        "outputs": tensors(config.output, lambda t: False),
        "dynamic_batching": config.HasField("dynamic_batching"),
        "decoupled": config.model_transaction_policy.decoupled,
        "parameters": {name: value.string_value for name, value in config.parameters.items()},
    }


def counts(client, step):
    """How often everything happened; how long it took is another time every time."""
    found = client.get_inference_statistics(step.get("model", ""), step.get("version", ""))
    return {
        f"{one.name}/{one.version}": {
            "inference_count": one.inference_count, "execution_count": one.execution_count,
            **{name: getattr(one.inference_stats, name).count for name in COUNTS},
        }
        for one in found.model_stats
    }


def runs(counts):
    """Runs of all versions, and failures."""
    return sum(one["execution_count"] + one["fail"] for one in counts.values())


def counted(session, step):
    """By how much the counts of a model moved while other steps were taken, and what those gave."""
    before = counts(session.client, step)
    results = [session.result(one) for one in step["steps"]]
    after = counts(session.client, step)
    for _ in range(200):
        # The server answers first and counts then.
        if runs(after) - runs(before) >= step["until"]:
            break
        time.sleep(0.01)
        after = counts(session.client, step)
    moved = {
        key: {name: value - before.get(key, {}).get(name, 0) for name, value in one.items()}
        for key, one in after.items()
    }
    return {"results": results, "moved": moved}


def statistics_names(client, step):
    return sorted(counts(client, step))


def repository_index(client, step):
    """tritonclient always asks for all models; those that are ready are picked here."""
    models = client.get_model_repository_index().models
    found = [
        {"name": m.name, "version": m.version, "state": m.state, "reason": m.reason}
        for m in models if not step.get("ready") or m.state == "READY"
    ]
    return sorted(found, key=lambda entry: (entry["name"], entry["version"]))


def load_model(client, step):
    files = {f"file:{path}": base64.b64decode(data) for path, data in step.get("files", {}).items()}
    client.load_model(step["model"], config=step.get("config"), files=files or None)


def unload_model(client, step):
    client.unload_model(step["model"], unload_dependents=step.get("dependents", False))


def await_unloaded(client, step):
    """Unloading goes on after its answer; the model is not ready long before it is gone."""
    for _ in range(400):
        models = client.get_model_repository_index().models
        if all(m.state == "UNAVAILABLE" for m in models if m.name == step["model"]):
            return
        time.sleep(0.025)
    raise AssertionError(f"{step['model']} is still loaded")


def settings_of(response):
    return {name: list(setting.value) for name, setting in response.settings.items()}


def trace_settings(client, step):
    if "settings" not in step:
        return settings_of(client.get_trace_settings(step.get("model")))
    settings = {name: values or None for name, values in step["settings"].items()}
    return settings_of(client.update_trace_settings(step.get("model"), settings))


def log_settings(client, step):
    if "settings" in step:
        response = client.update_log_settings(
            {name: int(value["level"]) if "level" in value else next(iter(value.values()))
             for name, value in step["settings"].items()})
    else:
        response = client.get_log_settings()

    def canonical(setting):
        kind = setting.WhichOneof("parameter_choice")
        value = getattr(setting, kind)
        return {"level": str(value)} if kind == "uint32_param" else {kind.removesuffix("_param"): value}

    return {name: canonical(setting) for name, setting in response.settings.items()}


def system_regions(client, step):
    regions = client.get_system_shared_memory_status(step.get("name", "")).regions
    return {
        key: {"name": region.name, "key": region.key, "offset": region.offset, "bytes": region.byte_size}
        for key, region in regions.items()
    }


def cuda_regions(client, step):
    regions = client.get_cuda_shared_memory_status(step.get("name", "")).regions
    return {
        key: {"name": region.name, "device": region.device_id, "bytes": region.byte_size}
        for key, region in regions.items()
    }


def register_cuda(client, step):
    # tritonclient takes the handle in base64 and sends its bytes.
    client.register_cuda_shared_memory(step["name"], step["handle"].encode(), step["device"], step["bytes"])


STEPS = {
    "server_live": lambda client, step: client.is_server_live(),
    "server_ready": lambda client, step: client.is_server_ready(),
    "model_ready": lambda client, step: client.is_model_ready(step["model"], step.get("version", "")),
    "server_metadata": server_metadata,
    "model_metadata": model_metadata,
    "model_configuration": model_configuration,
    "statistics_names": statistics_names,
    "repository_index": repository_index,
    "load_model": load_model,
    "unload_model": unload_model,
    "await_unloaded": await_unloaded,
    "trace_settings": trace_settings,
    "log_settings": log_settings,
    "system_regions": system_regions,
    "register_system": lambda client, step: client.register_system_shared_memory(
        step["name"], step["key"], step["bytes"], offset=step.get("offset", 0)),
    "unregister_system": lambda client, step: client.unregister_system_shared_memory(step["name"]),
    "cuda_regions": cuda_regions,
    "register_cuda": register_cuda,
    "unregister_cuda": lambda client, step: client.unregister_cuda_shared_memory(step["name"]),
}
