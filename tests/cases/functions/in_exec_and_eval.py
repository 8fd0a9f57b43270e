# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.sorted"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.sorted
exec("def f(x):\n    return eval('sor' 'ted(x)')\nprint('LEAKED', f([2, 1]))")
