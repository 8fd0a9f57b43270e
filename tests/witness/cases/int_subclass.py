# inside: builtins.int
# function: <module>
import sys


class Number(int):
    pass


sys.set_int_max_str_digits(0)
Number("9" * 10**7, 35)  # here
