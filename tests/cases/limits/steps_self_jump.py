# policy:
# | [limits]
# | steps = 1000
# expect: limit steps
print("spin", flush=True)
while 1: pass  # here
