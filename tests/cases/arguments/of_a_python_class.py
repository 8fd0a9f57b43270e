# policy:
# | [[functions]]
# | id = "data-only"
# | match = "__main__.Door"
# | action = "deny"
# | except = { args = { locked = true } }
# expect: violation call
# expect-rule: data-only

class Door:
    def __init__(self, code, *, locked=True):
        self.code = code


Door(1)
Door(1, locked=True)
Door(1, locked=False)  # here
print("LEAKED")
