# policy:
# | [[lines]]
# | id = "few"
# | match = "print("
# | action = "deny"
# | max_count = 3
# expect: violation line
# expect-rule: few

import threading


def show(n):
    for i in range(2):
        print("LEAKED" if n + i == 3 else i)


for n in [0, 2]:
    thread = threading.Thread(target=show, args=(n,))
    thread.start()
    thread.join()
