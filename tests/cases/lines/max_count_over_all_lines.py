# policy:
# | [[lines]]
# | id = "few"
# | match = "print("
# | action = "deny"
# | max_count = 3
# expect: violation line
# expect-rule: few

print(1)
print(2)
print(3)
print("LEAKED")  # here
