# technique: the function that subprocess ends in is called by map
# policy:
# | [limits]
# | processes = 0
# expect: violation process
import _posixsubprocess

list(map(_posixsubprocess.fork_exec, [1]))  # here
print("LEAKED")
