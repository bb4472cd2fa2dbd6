"""Decisions through the Python SDK, `opa-wasm`: requests in, answers out, a line of JSON each.

A request is {module, data?, entrypoint, input, repeat?}, where data and input are JSON text; its answer is {result}, {}
if there is none, or {error}. With `repeat` the decision is made as often, and the answer tells by how many bytes the
memory grew meanwhile.
"""

import json
import sys
import time

from opa_wasm import OPAPolicy

PAGE = 65536

# The SDK has no clock; this is how a host gives it one.
BUILTINS = {"time.now_ns": time.time_ns}


class Policies:
    """The policy that the last request was about."""

    def __init__(self):
        self.key = None
        self.policy = None

    def of(self, request):
        key = (request["module"], request.get("data"))
        if self.key != key:
            self.policy = OPAPolicy(request["module"], memory_pages=2, builtins=BUILTINS)
            if "data" in request:
                self.policy.set_data(json.loads(request["data"]))
            self.key = key
        return self.policy


def answer(policies, request):
    try:
        policy = policies.of(request)
        document = json.loads(request["input"])
        results = policy.evaluate(document, request["entrypoint"])
        before = policy.memory.size
        for _ in range(request.get("repeat", 0)):
            results = policy.evaluate(document, request["entrypoint"])
        answered = {"result": results[0]["result"]} if results else {}
        if "repeat" in request:
            answered["grown"] = (policy.memory.size - before) * PAGE
        return answered
    except Exception as error:
        return {"error": str(error)}


def main():
    policies = Policies()
    for line in sys.stdin:
        print(json.dumps(answer(policies, json.loads(line))), flush=True)


main()
