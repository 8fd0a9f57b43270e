# expect: raised SyntaxError
# stderr: SyntaxError
print("never"
