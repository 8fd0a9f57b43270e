# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.bytearray.__new__"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# stdout: Plain
class Plain:
    def __init__(self, value):
        self.value = value


print(type(Plain(1)).__name__, flush=True)
array = bytearray.__new__(bytearray)  # here
print("LEAKED", array)
