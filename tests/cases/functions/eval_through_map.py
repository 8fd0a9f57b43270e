# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.eval"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.eval
x = list(map(eval, ["print('LEAKED')"]))  # here
