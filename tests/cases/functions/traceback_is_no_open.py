# tells: the interpreter reads the source itself when it shows a traceback
# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "builtins.open"
# | action = "deny"
# expect: raised ZeroDivisionError
# stdout: still here
# stderr: return 1 // zero
import logging
import threading
import traceback
import warnings


def divide(zero):
    return 1 // zero  # here


class Finalised:
    def __del__(self):
        divide(0)


try:
    divide(0)
except ZeroDivisionError:
    traceback.print_exc()
    logging.exception("caught")
warnings.warn("shown with its line")
thread = threading.Thread(target=divide, args=(0,))
thread.start()
thread.join()
Finalised()
print("still here")
divide(0)
