# expect: violation tamper
# expect-subject: gc.get_objects
import gc
gc.collect()
print("LEAKED", len(gc.get_objects()))  # here
