# policy:
# | [limits]
# | wall = "500ms"
# expect: limit wall
# expect-inside: match
import re
pattern = re.compile(r"(a+)+$")
pattern.match("a" * 60 + "b")  # here
