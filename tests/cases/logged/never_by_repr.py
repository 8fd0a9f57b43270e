# policy:
# | [audit]
# | record = ["calls"]
# | arguments = "values"
# expect: completed
# expect-logged: __main__.show(x=<Loud>)
# expect-logged: __main__.show(x=<Text>)
# expect-logged: __main__.show(x=<Number>)
# expect-logged: builtins.id(<Loud>)
# not-logged: ASKED

class Loud:
    def __repr__(self):
        print("LEAKED")
        return "ASKED"

    __str__ = __format__ = __repr__


class Text(str):
    __repr__ = __str__ = Loud.__repr__


class Number(int):
    __repr__ = __str__ = __index__ = Loud.__repr__


def show(x):
    return None


show(Loud())
show(Text("LEAK"))
show(Number(1))
id(Loud())
