"""except*: split groups, what is left over, and raising inside a handler."""

seen = []


def sort_out(group):
    try:
        raise group
    except* ValueError as part:
        seen.append(("value", len(part.exceptions)))
    except* (TypeError, KeyError) as part:
        seen.append(("other", len(part.exceptions)))
    else:
        seen.append("else")
    finally:
        seen.append("finally")


sort_out(ExceptionGroup("two", [ValueError(1), TypeError(2)]))
sort_out(ExceptionGroup("nested", [ValueError(1), ExceptionGroup("in", [KeyError(1), ValueError(2)])]))
try:
    sort_out(ExceptionGroup("rest", [ValueError(1), OSError(2)]))
except ExceptionGroup as rest:
    seen.append(len(rest.exceptions))
try:
    try:
        raise ValueError("naked")
    except* ValueError:
        raise RuntimeError("from the handler")
except ExceptionGroup as group:
    seen.append("wrapped")
except RuntimeError:
    seen.append("plain")
