# inside: builtins.range.__contains__
# function: <module>
"x" in range(10**12)  # here
