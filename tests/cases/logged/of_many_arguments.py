# policy:
# | [audit]
# | record = ["calls"]
# | arguments = "values"
# expect: completed
# not-logged: 99

def f(*many):
    return len(many)


f(*range(100_000))
print(*range(100), sep="")
