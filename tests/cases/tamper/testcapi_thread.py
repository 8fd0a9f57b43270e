# policy:
# | [limits]
# | steps = 20000
# expect: violation | limit steps
try:
    import _testcapi
except ImportError:
    while True:
        pass


def work():
    n = 0
    while n < 40000:
        n += 1
    print("LEAKED", n, flush=True)


_testcapi.call_in_temporary_c_thread(work)
