# policy:
# | [[lines]]
# | id = "few"
# | match = "print("
# | action = "deny"
# | max_count = 3
# expect: violation line
# expect-rule: few

for i in range(10): print("LEAKED") if i >= 5 else print(i)  # here
