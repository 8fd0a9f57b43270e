# expect: raised ValueError
# stderr: ValueError: no good
def fail():
    raise ValueError("no good")  # here


fail()
