# technique: an import hook absorbs what happens in it as ImportError
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os
import sys


class Finder:
    @staticmethod
    def find_spec(*_):
        try:
            os.getpgid(0)  # here
        except BaseException:
            raise ImportError


sys.meta_path.insert(0, Finder)
try:
    import nowhere
except ImportError:
    print("LEAKED")
