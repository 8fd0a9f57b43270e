# expect: violation tamper
import gc
print("LEAKED", list(map(gc.get_referents, [[1]])))  # here
