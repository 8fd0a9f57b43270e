# policy:
# | [[functions]]
# | id = "no-solve"
# | match = "builtins.type"
# | action = "deny"
# expect: violation call
# expect-subject: builtins.type
# expect-written: t
# expect-marked: t("A", (), {})
t = type
t("A", (), {})  # here
