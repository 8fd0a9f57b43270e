# technique: the unpickler written in C calls find_class, here a C function
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import io
import os
import pickle


class Reader(pickle.Unpickler):
    find_class = os.getpgid


try:
    Reader(io.BytesIO(b"cposix\nsystem\n.")).load()  # here
except TypeError:
    pass
print("LEAKED")
