# inside: builtins.pow
# function: <module>
print(len([pow(10, 10**8)]))  # here
