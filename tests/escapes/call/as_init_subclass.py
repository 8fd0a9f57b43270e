# technique: a class statement calls __init_subclass__ of the base, here a C function
# policy:
# | [[functions]]
# | id = "no-parent"
# | match = "os.getppid"
# | action = "deny"
# expect: violation call
import os


class Base:
    __init_subclass__ = os.getppid


class Derived(Base):
    pass


print("LEAKED")
