# technique: the violation happens where the next frame is one too many
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# python: 3.12+
# expect: violation call
import os


def deeper():
    try:
        deeper()
    except RecursionError:
        os.getpgid(0)  # here


try:
    deeper()
except BaseException:
    pass
print("LEAKED")
