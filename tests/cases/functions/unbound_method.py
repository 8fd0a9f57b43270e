# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.list.sort"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.list.sort
class Numbers(list):
    pass


numbers = Numbers([3, 1, 2])
list.sort(numbers)  # here
print("LEAKED", numbers)
