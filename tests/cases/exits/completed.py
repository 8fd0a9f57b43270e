# expect: completed 0
# stdout: hello
print("hello")
