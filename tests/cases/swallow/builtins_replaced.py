# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: nothing of the report is made with what the guest can reach
import builtins
import json
import os
import sys


class Fake:
    def write(self, text):
        os.write(1, b"LEAKED\n")
        return len(text)

    def flush(self):
        pass


json.dumps = lambda *a, **k: '{"verdict": "completed"}'
builtins.repr = builtins.str = lambda *a: "LEAKED"
builtins.BaseException = builtins.PermissionError = int
sys.stderr = sys.stdout = sys.__stderr__ = sys.__stdout__ = Fake()
os.getpgid(0)  # here
