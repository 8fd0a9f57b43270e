# policy:
# | [limits]
# | steps = 100000
# tells: RecursionError is Python's own: the guest may catch it
# expect: completed
# stdout: caught
def down():
    down()


try:
    down()
except RecursionError:
    print("caught")
