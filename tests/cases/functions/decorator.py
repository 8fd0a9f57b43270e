# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.id"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.id
@id  # here
class Path:
    pass


print("LEAKED", Path)
