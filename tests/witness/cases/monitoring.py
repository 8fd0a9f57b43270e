# inside: builtins.pow
# function: solve
# since: 3.12
import sys


def solve(n):
    for turn in range(1):
        print(turn)
        print([0, pow(10, n)])  # here


events = sys.monitoring.events
sys.monitoring.use_tool_id(3, "test")
sys.monitoring.register_callback(3, events.LINE, lambda *arguments: None)
sys.monitoring.register_callback(3, events.CALL, lambda *arguments: None)
sys.monitoring.register_callback(3, events.INSTRUCTION, lambda *arguments: None)
sys.monitoring.set_events(3, events.LINE | events.CALL | events.INSTRUCTION)
solve(10**8)
