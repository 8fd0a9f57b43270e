# python: 3.14+
# expect: raised ImportError | raised AttributeError | violation tamper
# not-stdout: other
import concurrent.futures

pool = concurrent.futures.InterpreterPoolExecutor
pool().submit(print, "other").result()
print("LEAKED")
