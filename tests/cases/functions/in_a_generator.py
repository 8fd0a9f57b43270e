# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.sorted"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: builtins.sorted
def lazy():
    yield 1
    yield sorted([2, 1])  # here


for x in lazy():
    if x != 1:
        print("LEAKED", x)
