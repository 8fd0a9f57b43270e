"""try in all its forms: else, finally, reraise, chaining, exits through finally."""

trace = []


def forms(n):
    try:
        trace.append(("try", n))
        if n == 1:
            raise ValueError(n)
        if n == 2:
            raise KeyError(n)
        if n == 3:
            return "returned"
    except ValueError:
        trace.append("value")
    except (KeyError, IndexError) as error:
        trace.append("key")
        try:
            raise RuntimeError from error
        except RuntimeError as again:
            assert again.__cause__ is error
    else:
        trace.append("else")
    finally:
        trace.append("finally")
    return "end"


def override():
    try:
        return 1
    finally:
        return 2


def leave_loop():
    for n in range(5):
        try:
            if n == 1:
                continue
            if n == 3:
                break
        finally:
            trace.append(n)
    else:
        trace.append("never")


def reraise(depth):
    try:
        if depth == 0:
            raise LookupError("deep")
        reraise(depth - 1)
    except LookupError:
        trace.append(depth)
        raise


for n in range(4):
    forms(n)
override()
leave_loop()
try:
    reraise(5)
except LookupError:
    pass
try:
    try:
        1 / 0
    finally:
        trace.append("on the way")
except ZeroDivisionError as e:
    name = type(e).__name__
try:
    e
except NameError:
    trace.append("the name is gone")
