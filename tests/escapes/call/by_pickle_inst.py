# technique: the oldest opcode (INST) makes an instance of whatever it names
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import pickle

pickle.loads(b"(S'echo LEAKED'\nios\nsystem\n.")  # here
print("LEAKED")
