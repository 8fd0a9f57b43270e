# technique: str.translate asks its table for each character
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os


class Table:
    __getitem__ = os.getpgid


try:
    "a".translate(Table())  # here
except (TypeError, ProcessLookupError):
    pass
print("LEAKED")
