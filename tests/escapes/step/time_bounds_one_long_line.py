# technique: one line of twenty thousand statements is one step: repeated for ever, time ends it
# policy:
# | [limits]
# | steps = 1000000
# | cpu = "1s"
# | wall = "20s"
# expect: limit steps | limit cpu
import itertools

code = compile("i=0;" + "i+=1;" * 20000, "line", "exec")
any(map(lambda _: exec(code), itertools.count()))
