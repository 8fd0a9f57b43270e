# inside: time.sleep
# function: спать_𐌰
import time


def спать_𐌰():
    time.sleep(9999)  # here


спать_𐌰()
