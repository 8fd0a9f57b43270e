# technique: the end of all audit hooks is announced, then a forbidden file is opened
# expect: violation tamper
import sys

sys.audit("cpython._PySys_ClearAuditHooks")
open("/proc/self/mem", "rb")
print("LEAKED")
