# expect: raised SyntaxError
# stderr: SyntaxError
x = "ÿþ"
