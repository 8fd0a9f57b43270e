# technique: a set asks for __hash__, here a C function
# policy:
# | [[functions]]
# | id = "no-parent"
# | match = "os.getppid"
# | action = "deny"
# expect: violation call
import os


class Odd:
    __hash__ = os.getppid


print("LEAKED", {Odd()})  # here
