# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import os


def tower(n):
    try:
        tower(n - 1) if n else os.getpgid(0)
    finally:
        print("LEAKED")


tower(50)
