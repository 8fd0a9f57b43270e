# policy:
# | [limits]
# | processes = 0
# expect: violation process
# expect-rule: limits.processes
# expect-subject: _posixsubprocess.fork_exec
import _posixsubprocess
import os

read, write = os.pipe()
_posixsubprocess.fork_exec([b"true"], [b"/bin/true"], True, (write,))  # here
