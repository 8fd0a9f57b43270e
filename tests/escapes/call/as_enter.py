# technique: a with statement calls __enter__, here a C function
# policy:
# | [[functions]]
# | id = "no-parent"
# | match = "os.getppid"
# | action = "deny"
# expect: violation call
import os


class Context:
    __enter__ = os.getppid

    def __exit__(self, *exception):
        return True


with Context() as parent:
    print("LEAKED", parent)
print("LEAKED")
