# technique: faulthandler has functions that crash on purpose
# expect: crashed 11 | raised RuntimeError
import faulthandler

faulthandler._stack_overflow()
print("LEAKED")
