# policy:
# | [[functions]]
# | id = "data-only"
# | match = "builtins.max"
# | action = "deny"
# | except = { args = { default = 1 } }
# expect: violation call
# expect-rule: data-only

print("LEAKED", max(1, 2))  # here
