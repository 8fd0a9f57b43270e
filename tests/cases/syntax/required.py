# policy:
# | [syntax]
# | require = ["recursion:solve", "comprehension", "calls:print"]
# | message = "Solve it by recursion."
# expect: violation syntax
# expect-rule: syntax.require
# expect-subject: recursion:solve
# stderr: solve of
# stderr: never calls itself, which syntax.require of
# stderr: asks for
# stderr: never uses a comprehension
# stderr: note: Solve it by recursion.
def solve(n):
    total = 0
    for i in range(n):
        total += i
    return total


print("LEAKED")
