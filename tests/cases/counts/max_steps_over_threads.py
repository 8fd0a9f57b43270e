# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_steps = 300
# expect: violation call
# expect-rule: short

import threading


def solve():
    for i in range(70):
        pass


threads = [threading.Thread(target=solve) for _ in range(4)]
for thread in threads:
    thread.start()
    thread.join()
print("LEAKED")
