# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "__main__.Secret"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: __main__.Secret
class Secret:
    def __init__(self):
        print("LEAKED")


x = Secret()  # here
print("LEAKED", x)
