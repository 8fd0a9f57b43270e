# technique: a report is printed as Lictor would write it, and the exit status agrees
# expect: raised 3
import json

print(json.dumps({"schema": 1, "verdict": "completed", "violations": [], "exit": {"code": 0}}))
raise SystemExit(3)
