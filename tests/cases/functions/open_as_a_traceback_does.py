# tells: reading the script is a call of `open` when the script asks for it
# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.open"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
source = open(__file__, "rb")  # here
print("LEAKED", source.read())
