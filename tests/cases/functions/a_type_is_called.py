# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.memoryview"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.memoryview
x = memoryview(b"text")  # here
print("LEAKED", x)
