# technique: the output goes to where the supervisor writes it, past the count
# policy:
# | [limits]
# | output = "1MiB"
# expect: violation tamper
import os

with open(f"/proc/{os.getppid()}/fd/1", "w") as output:  # here
    output.write("LEAKED\n")
