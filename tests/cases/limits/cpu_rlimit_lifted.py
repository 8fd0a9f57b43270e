# policy:
# | [limits]
# | cpu = "300ms"
# | wall = "30s"
# expect: limit cpu
import resource
import signal
signal.signal(signal.SIGXCPU, signal.SIG_IGN)
soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
while True:
    pass
