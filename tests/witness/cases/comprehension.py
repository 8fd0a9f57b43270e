# inside: builtins.int.__pow__
# function: *
exponent = 10**8
for base in (10, 11):
    [number**exponent for number in (base, base)]  # here
