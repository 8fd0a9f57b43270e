# technique: each exception starts the next round
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
def fail():
    raise ValueError


while True:
    try:
        fail()
    except ValueError:
        pass
