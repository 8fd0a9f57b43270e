# policy:
# | [[lines]]
# | id = "few"
# | match = "print("
# | action = "deny"
# | max_count = 3
# expect: violation line
# expect-rule: few

for i in range(10):
    try:
        print("LEAKED" if i >= 3 else i)  # here
    except BaseException:
        pass
