# expect: raised IndentationError
if 1:
x = 1
