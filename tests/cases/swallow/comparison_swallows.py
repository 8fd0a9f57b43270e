# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: C code that clears exceptions: hasattr, getattr with a default, next, dict.get
import os


class Quiet:
    @property
    def attribute(self):
        os.getpgid(0)  # here
        raise AttributeError


hasattr(Quiet(), "attribute"), getattr(Quiet(), "attribute", None)
print("LEAKED")
