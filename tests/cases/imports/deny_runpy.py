# policy:
# | [imports]
# | deny = ["colorsys"]
# expect: violation
import runpy
x = runpy.run_module("colorsys")
print("LEAKED", len(x))
