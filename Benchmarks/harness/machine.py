# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""What the figures were taken on, and how much of it others used meanwhile."""

import os
import platform
import re
import resource
import subprocess

from harness import programs


def facts(server):
    versions = subprocess.run(
        [programs.PYTHON, "-c", "import importlib.metadata as m, platform as p; "
         "print(p.python_version(), m.version('tritonclient'), m.version('grpcio'), m.version('numpy'))"],
        capture_output=True, text=True, check=True).stdout.split()
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": f"{platform.system()} {platform.release()}",
        "server_threads": programs.SERVER_THREADS,
        "grpc_cpp": server.facts["version"],
        "swift": re.search(r"Swift version (\S+)", swift).group(1),
        "python": versions[0],
        "tritonclient": versions[1],
        "grpcio": versions[2],
        "numpy": versions[3],
        "load_average_before": round(os.getloadavg()[0], 2),
    }


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
    return found.group(1).strip() if found else platform.machine()


class OtherWork:
    """CPU time that neither this program nor the ones it started used, as a share of the machine's."""

    def __init__(self, server):
        self.server = server
        self.before = self.times()

    def times(self):
        tick = os.sysconf("SC_CLK_TCK")
        with open("/proc/stat", encoding="ascii") as file:
            numbers = [int(word) / tick for word in file.readline().split()[1:9]]
        with open(f"/proc/{self.server.process.pid}/stat", encoding="ascii") as file:
            server = sum(int(word) for word in file.read().rsplit(")", 1)[1].split()[11:13]) / tick
        own = sum(usage.ru_utime + usage.ru_stime for usage in (
            resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))
        user, nice, system, idle, waiting, interrupts, soft_interrupts, stolen = numbers
        return {"all": sum(numbers), "busy": user + nice + system + interrupts + soft_interrupts,
                "stolen": stolen, "ours": server + own}

    def shares(self):
        spent = {name: value - self.before[name] for name, value in self.times().items()}
        # Interrupts on behalf of our own sockets are nobody's CPU time and count as others' here.
        return {"other_processes": round(max(spent["busy"] - spent["ours"], 0) / spent["all"], 4),
                "stolen_by_host": round(spent["stolen"] / spent["all"], 4)}
