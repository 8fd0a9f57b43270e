# policy:
# | [[functions]]
# | id = "few"
# | match = "__main__.work"
# | max_calls = 2
# expect: violation call
# expect-rule: few
# stdout: 1
# not-stdout: 2
import threading


def work(n):
    print(n)


for n in range(4):
    thread = threading.Thread(target=work, args=(n,))
    thread.start()
    thread.join()
