# policy:
# | [[functions]]
# | id = "data-only"
# | match = "builtins.getattr"
# | action = "deny"
# | except = { args = { name = "re:[a-z]+" } }
# expect: violation call
# expect-rule: data-only

print(getattr("", "upper"), getattr("", "nothing", 3))
print("LEAKED", getattr("", "__class__"))  # here
