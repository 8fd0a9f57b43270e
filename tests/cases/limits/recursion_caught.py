# policy:
# | [limits]
# | recursion = 30
# expect: limit recursion
def down():
    try:
        down()
    except BaseException:
        print("LEAKED")
        raise ValueError


down()
