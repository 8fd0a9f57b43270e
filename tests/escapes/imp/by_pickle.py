# technique: an unpickler imports what its opcodes name
# policy:
# | [imports]
# | deny = ["subprocess"]
# expect: violation import
import pickle

print("LEAKED", pickle.loads(b"csubprocess\nPopen\n."))
