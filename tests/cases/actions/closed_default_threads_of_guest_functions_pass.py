# policy:
# | [defaults]
# | functions = "deny"
# | 
# | [[functions]]
# | id = "words"
# | match = ["builtins.print", "threading.**", "_thread.**", "concurrent.**", "functools.**", "re.**", "builtins.map", "builtins.list", "builtins.type", "queue.**", "weakref.**"]
# | action = "allow"
# expect: completed
# stdout: done

import threading
from concurrent.futures import ThreadPoolExecutor


def work(x):
    return x


thread = threading.Thread(target=work, args=(1,))
thread.start()
thread.join()
with ThreadPoolExecutor(1) as pool:
    print(pool.submit(work, 2).result(), pool.submit(print, "done").result())
