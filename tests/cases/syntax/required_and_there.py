# policy:
# | [syntax]
# | require = ["recursion:solve", "comprehension"]
# | forbid = ["loop"]
# expect: completed
# stdout: 6
def solve(tree):
    return tree[0] + sum([solve(part) for part in tree[1]])


print(solve((1, [(2, []), (3, [])])))
