# policy:
# | [tamper]
# | allow = ["ctypes"]
# expect: completed
# stdout: 4
import ctypes
print(ctypes.sizeof(ctypes.c_int))
