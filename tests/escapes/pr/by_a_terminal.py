# technique: a program on a terminal of its own
# policy:
# | [limits]
# | processes = 0
# expect: violation process
import pty

pty.spawn(["/bin/echo", "LEAKED"])
