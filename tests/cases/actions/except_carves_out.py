# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.path.**"
# | action = "deny"
# | called_from = "guest"
# | except = { match = ["os.path.join", "os.path.split*"] }
# expect: violation call
# expect-rule: forbidden
# stdout: a/b ('a', 'b')
import os.path
print(os.path.join("a", "b"), os.path.split("a/b"))
x = os.path.abspath("a")  # here
print("LEAKED", x)
