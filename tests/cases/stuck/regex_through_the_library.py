# policy:
# | [limits]
# | wall = "500ms"
# tells: the line is the guest's, the library's frame is not it
# expect: limit wall
# expect-inside: match
import re
re.match(r"(a+)+$", "a" * 60 + "b")  # here
