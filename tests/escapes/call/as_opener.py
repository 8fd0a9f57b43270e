# technique: open calls its opener, here a C function
# policy:
# | [[functions]]
# | id = "no-open"
# | match = "os.open"
# | action = "deny"
# expect: violation call
import os

print("LEAKED", open("made", "w", opener=os.open))  # here
