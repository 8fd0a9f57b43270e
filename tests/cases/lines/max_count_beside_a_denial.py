# policy:
# | [[lines]]
# | id = "few"
# | match = "print("
# | action = "deny"
# | max_count = 3
# | 
# | [[lines]]
# | id = "none"
# | match = "LEAK"
# | action = "deny"
# expect: violation line
# expect-rule: none

print(1)
print("LEAKED")  # here
