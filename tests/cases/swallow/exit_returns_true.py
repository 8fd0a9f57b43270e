# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os


class Eat:
    def __enter__(self):
        return self

    def __exit__(self, *what):
        return True


with Eat():
    os.getpgid(0)  # here
print("LEAKED")
