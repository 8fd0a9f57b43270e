# technique: a from list names what only turns out to be a module
# policy:
# | [imports]
# | deny = ["concurrent.futures"]
# expect: violation import
from concurrent import futures

print("LEAKED", futures)
