# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.sorted"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.sorted
import builtins
arrange = getattr(builtins, "sor" + "ted")
table = {"f": arrange}
x = table["f"]([3, 1, 2])  # here
print("LEAKED", x)
