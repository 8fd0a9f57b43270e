# technique: a call into the kernel waits for nothing
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
import select

select.select([], [], [])
print("LEAKED")
