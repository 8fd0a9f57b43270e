# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# expect: violation call
# expect-rule: own-sort
import concurrent.futures

with concurrent.futures.ThreadPoolExecutor(1) as pool:
    x = pool.submit(sorted, [2, 1]).result()
print("LEAKED", x)
