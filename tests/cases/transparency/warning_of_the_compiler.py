# policy:
# | [limits]
# | steps = 3
# | [[functions]]
# | id = "forbidden"
# | match = "os.system"
# | action = "deny"
# python: 3.12+
# expect: completed
# stdout: \d 1
# stderr: SyntaxWarning
import sys
text = "\d"
print(text, 1)
