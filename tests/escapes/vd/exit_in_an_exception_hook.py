# technique: the hook for uncaught exceptions ends the process with status 0
# expect: crashed
import os
import sys

sys.excepthook = lambda *_: os._exit(0)
raise ValueError
