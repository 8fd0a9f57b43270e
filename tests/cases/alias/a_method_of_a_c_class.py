# policy:
# | [[functions]]
# | id = "no-solve"
# | match = "builtins.list.sort"
# | action = "deny"
# expect: violation call
# expect-subject: builtins.list.sort
# expect-written: -
# expect-marked: xs.sort()
xs = [3, 1]
xs.sort()  # here
