# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# tells: no Python code of the guest runs between the violation and the print
import os
import sys
import concurrent.futures.thread as thread
import concurrent.futures._base as base
future = base.Future()
if sys.version_info < (3, 14):
    thread._WorkItem(future, os.getpgid, (0,), {}).run()
else:
    context, task = thread.WorkerContext.prepare(None, ())
    thread._WorkItem(future, task(os.getpgid, (0,), {})).run(context())
print("LEAKED", future.exception())
