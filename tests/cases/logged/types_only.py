# policy:
# | [audit]
# | record = ["calls"]
# | arguments = "types"
# expect: completed
# expect-logged: builtins.pow(int, int, mod=int)
# expect-logged: __main__.show(x=str)
# not-logged: secret

def show(x):
    return None


pow(2, 10, mod=7)
show("secret")
