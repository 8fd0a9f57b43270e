# policy:
# | [limits]
# | processes = 0
# expect: violation process
# expect-rule: limits.processes
import pty

pty.spawn("true")  # here
