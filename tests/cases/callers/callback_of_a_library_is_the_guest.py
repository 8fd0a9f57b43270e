# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# tells: re.Scanner, codecs and the like call what the guest gave them
# expect: violation call
# expect-rule: own-sort
import collections


class Sorting(collections.UserList):
    pass


x = collections.defaultdict(lambda: sorted([2, 1]))  # here
print("LEAKED", x["k"])
