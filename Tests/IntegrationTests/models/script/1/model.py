# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Does what the elements of ACTIONS say, in order.

"answer N" sends N; "error CODE" sends an error; "final" sends the mark of the end alone; "final answer N" and
"final error CODE" send it with an answer; "sleep MS" waits.
"""

import time

import numpy as np
import triton_python_backend_utils as pb_utils


def response(verb, argument):
    if verb == "answer":
        return pb_utils.InferenceResponse([pb_utils.Tensor("VALUE", np.array([int(argument)], np.int32))])
    code = getattr(pb_utils.TritonError, argument)
    return pb_utils.InferenceResponse(error=pb_utils.TritonError(f"{argument} as asked for", code))


class TritonPythonModel:
    def execute(self, requests):
        for request in requests:
            sender = request.get_response_sender()
            for action in pb_utils.get_input_tensor_by_name(request, "ACTIONS").as_numpy():
                self.do(action.decode().split(), sender)
        return None

    def do(self, words, sender):
        if words[0] == "sleep":
            time.sleep(int(words[1]) / 1000)
        elif words == ["final"]:
            sender.send(flags=pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL)
        elif words[0] == "final":
            sender.send(response(*words[1:]), flags=pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL)
        else:
            sender.send(response(*words))
