# technique: type.__new__ calls __set_name__ of each member, here a C function
# policy:
# | [[functions]]
# | id = "no-is"
# | match = "operator.is_"
# | action = "deny"
# expect: violation call
import operator


class Member:
    __set_name__ = operator.is_


class Owner:
    member = Member()


print("LEAKED")
