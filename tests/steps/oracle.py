"""Counts the steps of Python scripts without Lictor: the independent side of `tests/steps.rs`.

Usage: oracle.py [--cap N] [--show] SCRIPT... [--args ARG...]

Each script runs as `__main__` in a process forked for it, under a plain `sys.settrace` line
counter. One JSON object a script goes to stdout, in the order of the scripts:

    {"script": …, "steps": N, "lines": [line of step 1, …, line of step N],
     "capped": false, "lost": false, "status": exit status, or minus the signal}

`lost` says that the trace function was removed on the way, so that the count is worthless
(CPython does that when a trace function meets the recursion limit).

A step is a `line` event in guest code, plus, on 3.11, one per jump of an instruction to
itself, for which that version reports no event (`while 1: pass` on one line).

Guest code is told by the identity of code objects: the tree of what the script compiles to,
what the guest imports from the script's folder, and whatever is handed to `exec` or `eval`
while a guest frame is nearer than the import system's. Everything else is library code.

The count lives in memory shared with the parent, so it is complete however the script ends,
finalisers at exit included. The guest's output is discarded unless `--show` is given.
"""

import builtins
import json
import mmap
import os
import signal
import sys
import threading
import types

STEPS, CAPPED, LOST, LINES = 0, 1, 2, 3  # positions in the shared array of 32-bit numbers
DEFAULT_CAP = 1_000_000
PATIENCE = 60  # seconds after which a script that runs uncounted is killed

SELF_JUMPS_ARE_SILENT = sys.version_info < (3, 12)
if SELF_JUMPS_ARE_SILENT:
    import opcode

    JUMP_BACKWARD = opcode.opmap["JUMP_BACKWARD"]


class GuestCode:
    """The code objects of the guest, by identity."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "")
        # Equal code objects are not the same code object: the key is `id`, and the value
        # keeps the object alive so that its address stays its own.
        self.known = {}
        self.import_system = sys.modules["_frozen_importlib"]._call_with_frames_removed.__code__
        self.import_file = self.import_system.co_filename

    def add(self, code):
        """Adds a code object and all that it contains."""
        self.known[id(code)] = code
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self.add(constant)

    def hear(self, event, arguments):
        """The audit hook: learns of code that is about to be executed by `exec` or `eval`."""
        if event != "exec":
            return
        code = arguments[0]
        if id(code) in self.known:
            return
        frame = sys._getframe(1)
        if frame.f_code is self.import_system:  # a module's body
            if os.path.abspath(code.co_filename).startswith(self.folder):
                self.add(code)
            return
        while frame is not None:
            if id(frame.f_code) in self.known:
                self.add(code)
                return
            if frame.f_code.co_filename == self.import_file:
                return
            frame = frame.f_back


def tracer(guest, shared, cap):
    """The trace function. It holds all it needs, for it outlives this module's globals."""
    known = guest.known
    leave = os._exit

    def step(line):
        count = shared[STEPS]
        if count == cap:
            shared[CAPPED] = 1
            leave(0)
        shared[STEPS] = count + 1
        shared[LINES + count] = line

    def trace(frame, event, argument):
        code = frame.f_code
        if id(code) not in known:
            return None
        if event == "line":
            step(frame.f_lineno)
        return trace

    def trace_with_self_jumps(frame, event, argument):
        code = frame.f_code
        if id(code) not in known:
            return None
        if event == "call":
            frame.f_trace_opcodes = True
        elif event == "line":
            step(frame.f_lineno)
        elif event == "opcode":
            # The distance counts from the next instruction: 1 is the jump itself.
            at = frame.f_lasti
            if code.co_code[at] == JUMP_BACKWARD and code.co_code[at + 1] == 1:
                previous = at >= 2 and code.co_code[at - 2] == opcode_extended
                if not previous:
                    step(frame.f_lineno)
        return trace_with_self_jumps

    if SELF_JUMPS_ARE_SILENT:
        opcode_extended = opcode.EXTENDED_ARG
        return trace_with_self_jumps
    return trace


def become(script, arguments, shared, cap):
    """Runs the script in this process, as `__main__`, and leaves the rest to its end."""
    folder = os.path.dirname(os.path.abspath(script))
    with open(script, "rb") as file:
        source = file.read()
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=script, __builtins__=builtins, __annotations__={})
    sys.modules["__main__"] = main
    sys.argv = [script, *arguments]
    sys.path.insert(0, folder)

    guest = GuestCode(folder)
    code = compile(source, script, "exec", dont_inherit=True)
    guest.add(code)
    sys.addaudithook(guest.hear)
    trace = tracer(guest, shared, cap)
    threading.settrace(trace)
    sys.settrace(trace)
    signal.alarm(PATIENCE)
    try:
        exec(code, main.__dict__)
    finally:
        shared[LOST] = sys.gettrace() is not trace


def count(script, arguments, cap, show):
    """Forks a process that runs the script; returns what is known of it, or never (the child)."""
    shared = memoryview(mmap.mmap(-1, 4 * (LINES + cap))).cast("I")
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        if not show:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
        become(script, arguments, shared, cap)
        return None
    _, status = os.waitpid(child, 0)
    steps = shared[STEPS]
    return {
        "script": script,
        "steps": steps,
        "lines": shared[LINES : LINES + steps].tolist(),
        "capped": bool(shared[CAPPED]),
        "lost": bool(shared[LOST]),
        "status": os.waitstatus_to_exitcode(status),
    }


def run(words):
    """The command line."""
    cap, show, scripts, arguments = DEFAULT_CAP, False, [], []
    words = iter(words)
    for word in words:
        if word == "--cap":
            cap = int(next(words))
        elif word == "--show":
            show = True
        elif word == "--args":
            arguments = list(words)
        else:
            scripts.append(word)
    for script in scripts:
        found = count(script, arguments, cap, show)
        if found is None:
            return  # this is a script's own process: it ends as any Python process does
        print(json.dumps(found))


run(sys.argv[1:])
