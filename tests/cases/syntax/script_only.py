# policy:
# | [syntax]
# | forbid = ["while"]
# expect: completed
# stdout: 3
import modules.loops

print(modules.loops.three())
