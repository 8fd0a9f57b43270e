# inside: builtins.sum
# function: <module>
sum(range(10**12), start=5)  # here
