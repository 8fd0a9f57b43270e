# policy:
# | [[functions]]
# | id = "own-sort"
# | match = ["builtins.sorted", "builtins.list.sort"]
# | action = "deny"
# | called_from = "guest"
# expect: violation call
# expect-rule: own-sort
import threading
thread = threading.Thread(target=sorted, args=([2, 1],))
thread.start()
thread.join()
print("LEAKED")
