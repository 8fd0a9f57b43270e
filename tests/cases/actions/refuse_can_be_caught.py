# policy:
# | [[functions]]
# | id = "refused"
# | match = "os.getpgid"
# | action = "refuse"
# | message = "not here"
# expect: completed
# stdout: lives on
import os

refused = 0
for call in (lambda: os.getpgid(0), lambda: list(map(os.getpgid, [0]))):
    try:
        call()
        print("passed")
    except PermissionError as error:
        assert type(error).__name__ == "PolicyViolation", type(error)
        refused += 1
assert refused == 2
print("lives on")
