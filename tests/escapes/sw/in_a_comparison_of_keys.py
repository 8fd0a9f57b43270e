# technique: a dictionary compares keys, and a failed comparison is retried
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import os


class Key:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        try:
            os.getpgid(0)  # here
        finally:
            return True


print("LEAKED", Key() in {Key(): 1})
