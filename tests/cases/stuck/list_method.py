# policy:
# | [limits]
# | cpu = "300ms"
# | wall = "30s"
# expect: limit cpu
# expect-inside: extend
import itertools
import collections
queue = collections.deque(maxlen=0)
queue.extend(itertools.repeat(0))  # here
