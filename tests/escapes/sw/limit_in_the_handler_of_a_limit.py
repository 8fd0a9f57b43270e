# technique: the handler of a step limit goes on in loops without end
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
def burn():
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


burn()
