# policy:
# | [[functions]]
# | id = "not-there"
# | match = "os.system"
# | action = "deny"
# | called_from = ["__main__"]
# expect: completed
# stdout: done

from plugins import tool

tool.thread("true")
print("done")
