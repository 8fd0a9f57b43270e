# policy:
# | [limits]
# | steps = 20000
# expect: violation tamper | violation import | limit steps
import ctypes
api = ctypes.pythonapi
for function in (api.PyEval_SetTrace, api.PyEval_SetProfile):
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    function.restype = None
    function(None, None)
n = 0
while n < 40000:
    n += 1
print("LEAKED", n)
