# technique: the guest raises events with the names that the hook listens to
# expect: completed | violation
import sys

for event in ("sys.settrace", "os.system", "os.fork", "cpython._PySys_ClearAuditHooks"):
    sys.audit(event, "LEAK")
print("done")
