# policy:
# | [[lines]]
# | id = "few"
# | match = "print("
# | action = "deny"
# | max_count = 3
# expect: violation line
# expect-rule: few

for i in range(4):
    if i == 3:
        i = "LEAKED"
    print(i)  # here
