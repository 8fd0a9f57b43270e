# technique: C code evaluates an import
# policy:
# | [imports]
# | deny = ["subprocess"]
# expect: violation import
print("LEAKED", list(map(eval, ["__import__('subprocess')"])))
