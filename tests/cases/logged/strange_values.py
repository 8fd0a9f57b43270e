# policy:
# | [audit]
# | record = ["calls"]
# | arguments = "values"
# expect: completed
# expect-logged: __main__.show(x=<int>)
# expect-logged: __main__.show(x=inf)
# expect-logged: __main__.show(x=nan)
# expect-logged: __main__.show(x=1e+16)
# expect-logged: __main__.show(x='\ud800\x1b\'')
# expect-logged: __main__.show(x=<complex>)

def show(x):
    return None


show(1 << 100)
show(float("inf"))
show(float("nan"))
show(1e16)
show("\ud800\x1b'")
show(1j)
