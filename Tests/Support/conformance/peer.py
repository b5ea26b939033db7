#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Does with PyPI's tritonclient what the conformance tests do with TritonClient.

Reads one JSON object a line from standard input, {"url": "host:port", "steps": [...]}, and answers each with one line,
{"results": [...]}: for every step its value or its error in the canonical form that Tests/ConformanceTests describes.
{"failure": ...} says that this program itself is wrong. Ends with its standard input.
"""

import json
import sys
import traceback

import administration
import inference
import tritonclient.grpc as triton
from canonical import error_of

STEPS = {**administration.STEPS, **inference.STEPS}


class Session:
    """The client of one server and the steps it takes."""

    def __init__(self, url):
        self.client = triton.InferenceServerClient(url)

    def take(self, step):
        if step["call"] == "counted":
            return administration.counted(self, step)
        return STEPS[step["call"]](self.client, step)

    def result(self, step):
        try:
            return {"value": self.take(step)}
        except triton.InferenceServerException as error:
            return {"error": error_of(error)}


def main():
    sessions = {}
    for line in sys.stdin:
        task = json.loads(line)
        try:
            if task["url"] not in sessions:
                sessions[task["url"]] = Session(task["url"])
            session = sessions[task["url"]]
            answer = {"results": [session.result(step) for step in task["steps"]]}
        except Exception:
            answer = {"failure": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
