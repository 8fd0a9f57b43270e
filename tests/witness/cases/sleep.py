# inside: time.sleep
# function: <module>
import time

time.sleep(9999)  # here
