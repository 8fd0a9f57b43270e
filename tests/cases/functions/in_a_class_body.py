# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.sorted"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.sorted
class Made:
    order = sorted([2, 1])  # here
    print("LEAKED", order)
