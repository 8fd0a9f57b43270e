# technique: str.format_map asks a mapping for a missing key
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import os


class Commands(dict):
    __missing__ = os.system


"{echo LEAKED}".format_map(Commands())  # here
print("LEAKED")
