# policy:
# | [[lines]]
# | id = "prints"
# | match = 're:print\('
# | action = "audit"
# expect: completed
# stdout: passes
print("passes")
