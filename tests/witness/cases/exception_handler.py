# inside: time.sleep
# function: <module>
import time

try:
    try:
        raise ValueError("x")
    except (KeyError, ValueError) as error:
        print(error, [1, time.sleep(9999)])  # here
finally:
    pass
