# technique: the function is found among all objects by its name and called
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call | violation tamper
import gc
import types

found = [
    each
    for member in gc.get_referents(types.BuiltinFunctionType)
    for each in (member,)
]
namespaces = [each for each in gc.get_objects() if type(each) is dict and "getpgid" in each]
print("LEAKED", namespaces[0]["getpgid"](0))
