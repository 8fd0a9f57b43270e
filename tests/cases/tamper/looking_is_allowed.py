# tells: asking what is set changes nothing, and finds nothing
# expect: completed
# stdout: None None
import sys
import threading
print(sys.gettrace(), sys.getprofile())
threading.gettrace(), threading.getprofile()
sys._getframe().f_trace
