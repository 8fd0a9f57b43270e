# tells: a library may import ctypes; the guest that finds it there may not use it
# expect: violation tamper
import uuid
import sys
if "ctypes" not in sys.modules:
    import importlib.util
    import multiprocessing.sharedctypes
ctypes = sys.modules["ctypes"]
print("LEAKED", ctypes.CDLL(None))
