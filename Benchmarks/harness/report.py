# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""RESULTS.md and results.json of a run."""

import json
import os

from harness.ratios import KIB, MIB, baseline, medians, ratio, targets


def size(count):
    for unit, name in ((MIB, "MiB"), (KIB, "KiB")):
        if count >= unit and count % unit == 0:
            return f"{count // unit} {name}"
    return f"{count} B"


def number(value):
    """Three significant digits and no more places than they need."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def spread(value):
    if value is None:
        return "—"
    return f"{value['median']:.2f} ({value['smallest']:.2f}–{value['largest']:.2f})"


def table(heads, rows):
    """A Markdown table; all but the columns of words are aligned to the right."""
    words = {"peer", "what", "fact", "value", "program"}
    rule = ["---" if head in words else "---:" for head in heads]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, rule, *rows])


def target_table(rows, peers):
    def cell(row, peer):
        value = row["ratios"].get(peer)
        return "—" if value is None else f"{spread(value)} {'met' if value['met'] else 'not met'}"

    return table(
        ["what", "payload", "in flight", "target", *peers],
        [[row["what"], size(row["payload"]), str(row["in_flight"]),
          f"{'≥' if row['at_least'] else '≤'} {row['bound']}", *[cell(row, peer) for peer in peers]]
         for row in rows])


def payload_table(slices, peers, payload):
    rows = []
    found = {(row["peer"], row["in_flight"]): row for row in medians(slices) if row["payload"] == payload}
    for in_flight in sorted({key[1] for key in found}):
        for peer in peers:
            row = found.get((peer, in_flight))
            if row is None:
                continue
            other = baseline(in_flight)
            rows.append([
                str(in_flight), peer, number(row["p50_us"]), number(row["p99_us"]), number(row["mean_us"]),
                number(row["calls_per_s"]), number(row["cpu_s_per_1000"]), number(row["peak_rss_bytes"] / MIB),
                f"{row['calls']:,}",
                spread(ratio(slices, "p50_us", peer, other, payload, in_flight)),
                spread(ratio(slices, "calls_per_s", peer, other, payload, in_flight)),
            ])
    return table(["in flight", "peer", "p50 µs", "p99 µs", "mean µs", "calls/s", "CPU s / 1,000 calls",
                  "peak RSS MiB", "calls", "p50 ÷ C++", "calls/s ÷ C++"], rows)


def machine_table(run):
    machine, work = run["machine"], run["other_work"]
    return table(["fact", "value"], [
        ["processor", f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB"],
        ["system", machine["kernel"]],
        ["gRPC C++", f"{machine['grpc_cpp']}, echo server with {machine['server_threads']} thread(s)"],
        ["Swift", machine["swift"]],
        ["Python", f"{machine['python']}, tritonclient {machine['tritonclient']}, grpcio {machine['grpcio']}, "
                   f"NumPy {machine['numpy']}"],
        ["load before the run", f"{machine['load_average_before']} (average of a minute)"],
        ["CPU time of other processes during the run", f"{work['other_processes']:.1%} of the machine's"],
        ["taken by the host during the run", f"{work['stolen_by_host']:.1%}"],
        ["run", f"{run['rounds']} rounds of {run['seconds']} s slices, {run['minutes']:.1f} minutes, "
                f"ended {run['ended']}"],
        ["command", f"`{run['command']}`"],
    ])


def markdown(run, peers):
    slices = run["slices"]
    names = [peer.name for peer in peers]
    ours = [peer.name for peer in peers if peer.is_swift]
    parts = [
        "# Results",
        "Written by the command in the table; see [README.md](README.md) for what is measured and how to read it. "
        "Client and server share the machine's cores.",
        machine_table(run),
    ]
    if run["targets"]:
        parts += ["## Targets", "Ratios within each round: median (smallest–largest).",
                  target_table(run["targets"], ours)]
    parts += ["## Peers", table(["peer", "what"], [[peer.name, peer.what] for peer in peers])]
    if run["skipped"]:
        parts.append("Not run, because so many tensors in flight need more memory than is sensible (at most "
                     f"{size(run['limit_bytes'])} of payload in flight): "
                     + ", ".join(f"{size(payload)} × {in_flight}" for payload, in_flight in run["skipped"]) + ".")
    for payload in sorted({figures["payload"] for figures in slices}):
        parts += [f"## {size(payload)}", payload_table(slices, names, payload)]
    return "\n\n".join(parts) + "\n"


def write(run, peers, folder):
    """Writes both files into a folder, each whole or not at all; returns the path of the first."""
    run["targets"] = targets(run["slices"], [peer.name for peer in peers if peer.is_swift])
    run["medians"] = medians(run["slices"])
    os.makedirs(folder, exist_ok=True)
    replace(os.path.join(folder, "results.json"), as_json(run))
    path = os.path.join(folder, "RESULTS.md")
    replace(path, markdown(run, peers))
    return path


def as_json(run):
    """JSON with one line for each slice and each median."""
    long = ("medians", "slices")
    parts = [f'"{name}": ' + json.dumps(value) for name, value in run.items() if name not in long]
    for name in long:
        parts.append(f'"{name}": [\n  ' + ",\n  ".join(json.dumps(item) for item in run[name]) + "\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def replace(path, text):
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)
