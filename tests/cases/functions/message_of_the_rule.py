# policy:
# | [[functions]]
# | id = "no-builtin-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | message = "Write your own sort for this exercise."
# expect: violation call
# expect-rule: no-builtin-sort
# stderr: Write your own sort for this exercise.
[2, 1].sort()  # here
print("LEAKED")
