# What Lictor asks an interpreter about the names in a policy. Run with -I -S; reads one JSON
# object and prints one: an answer for each question, in order. Imports modules of the
# standard library only, and none that does something when it is imported.
import importlib
import json
import os
import sys

ACTING = {"__hello__", "__phello__", "antigravity", "idlelib", "test", "this", "turtledemo"}
PLAIN = (bool, bytes, dict, float, int, list, str, tuple, type(None))
MODULE = type(sys)
# What C code is called by: functions, methods, operators' slots.
NATIVE = (type(len), type(list.sort), type(object.__str__), type(dict.__dict__["fromkeys"]))


def module(name):
    """The module of this name, or None: another platform's, or not there."""
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit):
        return None


def members(thing):
    """What could have been meant by a name in it."""
    names = set(dir(thing))
    for folder in getattr(thing, "__path__", ()):
        if os.path.isdir(folder):
            names.update(entry.partition(".")[0] for entry in os.listdir(folder))
    return sorted(name for name in names if isinstance(name, str) and name.isidentifier())


def parameters(thing):
    """The names that its arguments may be given for; None if nobody can say."""
    import inspect

    try:
        known = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(one.kind is one.VAR_KEYWORD for one in known):
        return None
    return [one.name for one in known if one.kind is not one.VAR_POSITIONAL]


def answer(question):
    top, *parts = question["name"].split(".")
    if top not in sys.stdlib_module_names:
        return {"state": "foreign"}
    here = None
    if top not in ACTING and "__main__" not in parts:
        here = module(top)
    if here is None:
        return {"state": "unasked"}
    owner = top
    for part in parts:
        if part.startswith("<"):
            return {"state": "unasked"}
        try:
            there = getattr(here, part)
        except AttributeError:
            inside = isinstance(here, MODULE) and hasattr(here, "__path__")
            there = module(f"{owner}.{part}") if inside else None
            if there is None:
                return {"state": "missing", "owner": owner, "part": part, "members": members(here)}
        here, owner = there, f"{owner}.{part}"
    if isinstance(here, MODULE):
        state = "module"
    else:
        state = "value" if type(here) in PLAIN else "thing"
    reply = {"state": state, "native": isinstance(here, NATIVE)}
    if question["members"]:
        reply["members"] = members(here)
    if question["parameters"]:
        reply["parameters"] = parameters(here)
    return reply


def attempt(question):
    try:
        return answer(question)
    except Exception:
        return {"state": "unasked"}


# Whatever a module prints as it is imported isn't an answer.
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
answers = [attempt(question) for question in json.load(sys.stdin)]
json.dump({"modules": sorted(sys.stdlib_module_names), "answers": answers}, out)
out.flush()
# Threads and exit functions of modules aren't waited for.
os._exit(0)
