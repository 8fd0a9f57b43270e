# technique: opcodes written by hand make the unpickler import and call
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import pickle

pickle.loads(b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x0becho LEAKED\x85R.")  # here
print("LEAKED")
