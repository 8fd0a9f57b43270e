# inside: builtins.int.__pow__
# function: solve
import sys


def tracer(frame, event, argument):
    frame.f_trace_opcodes = True
    return tracer


def solve(n):
    return [0, 10**n]  # here


sys.settrace(tracer)
solve(10**8)
