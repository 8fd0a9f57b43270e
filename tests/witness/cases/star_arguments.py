# inside: builtins.sum
# function: <module>
arguments = [range(10**12)]
options = {"start": 5}
[0, sum(*arguments, **options)]  # here
