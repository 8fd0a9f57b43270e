# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.list.sort"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.list.sort
numbers = [3, 1, 2]
arrange = numbers.sort
arrange()  # here
print("LEAKED", numbers)
