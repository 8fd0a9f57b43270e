# policy:
# | [syntax]
# | forbid = ["while"]
# expect: raised SyntaxError
# stderr: 'return' outside function
print("LEAKED")
return
