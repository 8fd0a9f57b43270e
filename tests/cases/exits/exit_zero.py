# expect: completed 0
# not-stdout: after
import sys
sys.exit(0)
print("after")
