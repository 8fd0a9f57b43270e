# technique: the variables that the policy hides are read from the supervisor
# expect: violation tamper
import os

with open(f"/proc/{os.getppid()}/environ", "rb") as environment:  # here
    if b"CASE_HIDDEN" in environment.read():
        print("LEAKED")
