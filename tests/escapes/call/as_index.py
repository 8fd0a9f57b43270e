# technique: a subscript asks for __index__, here a C function
# policy:
# | [[functions]]
# | id = "no-parent"
# | match = "os.getppid"
# | action = "deny"
# expect: violation call
import os


class Zero:
    __index__ = os.getppid


try:
    print("LEAKED", [1][Zero()])  # here
except IndexError:
    print("LEAKED")
