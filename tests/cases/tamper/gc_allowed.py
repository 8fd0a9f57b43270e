# policy:
# | [tamper]
# | allow = ["gc"]
# expect: completed
# stdout: True
import gc
print(len(gc.get_objects()) > 0)
