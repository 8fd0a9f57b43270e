# technique: hasattr and getattr with a default swallow what looks like an AttributeError
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os


class Curious:
    def __getattr__(self, name):
        try:
            os.getpgid(0)  # here
        finally:
            raise AttributeError


print("LEAKED", hasattr(Curious(), "x"))
