# technique: the profiler written in C takes the place of the hook
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: violation tamper | limit steps
import cProfile

profiler = cProfile.Profile()
profiler.enable()
for _ in range(10**5):
    pass
print("LEAKED")
