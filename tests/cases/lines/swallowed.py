# policy:
# | [[lines]]
# | id = "no-secret"
# | match = 're:secret'
# | action = "deny"
# expect: violation line
# expect-rule: no-secret
def ask():
    return "secret"  # here


while True:
    try:
        ask()
    except BaseException:
        pass
    print("LEAKED")
    break
