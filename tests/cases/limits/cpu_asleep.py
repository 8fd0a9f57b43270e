# policy:
# | [limits]
# | cpu = "1s"
# tells: sleeping costs no CPU time
# expect: completed
# stdout: rested
import time
time.sleep(1.5)
print("rested")
