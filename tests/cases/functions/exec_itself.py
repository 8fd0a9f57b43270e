# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.exec"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.exec
exec("print('LEAKED')")  # here
