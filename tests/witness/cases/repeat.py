# inside: builtins.dict.fromkeys
# function: <module>
import itertools

dict.fromkeys(itertools.repeat(0))  # here
