# expect: violation tamper
# expect-subject: ctypes
import ctypes  # here
print("LEAKED")
