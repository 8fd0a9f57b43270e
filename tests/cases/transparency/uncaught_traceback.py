# expect: raised ZeroDivisionError
# stderr: Traceback (most recent call last):
# stderr: in deep
# stderr: 1 / 0
# stderr: ZeroDivisionError: division by zero
def deep():
    1 / 0


deep()
