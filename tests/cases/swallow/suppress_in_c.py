# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: no Python code of the guest runs between the violation and the print
import os
import concurrent.futures._base as base
future = base.Future()
item = __import__("concurrent.futures.thread").futures.thread._WorkItem(future, os.getpgid, (0,), {})
item.run()
print("LEAKED", future.exception())
