# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "__main__.helper"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: __main__.helper
def helper():
    print("LEAKED")


other = helper
del helper
list(map(lambda f: f(), [other]))
