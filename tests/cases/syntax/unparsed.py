# policy:
# | [syntax]
# | forbid = ["while"]
# expect: raised SyntaxError
# stderr: '(' was never closed
while False:
    print("LEAKED"
