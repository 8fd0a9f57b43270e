# policy:
# | [audit]
# | record = ["calls"]
# | arguments = "values"
# | 
# | [[functions]]
# | id = "seen"
# | match = ["builtins.range", "io.FileIO"]
# | action = "audit"
# expect: completed
# expect-logged: builtins.range(3)
# expect-logged: io.FileIO('/dev/null', mode='r')

import io

range(3)
io.FileIO("/dev/null", mode="r").close()
