# policy:
# | [syntax]
# | forbid = ["import"]
# expect: violation syntax
# stderr: uses an import
# stderr: ^^^^^^^^^
é = 1; import os; 𝘬𝘮 = 2  # here
print("LEAKED")
