# technique: the supervisor is given a limit of CPU time that it has used up
# expect: violation tamper
import os
import resource

resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (4096, 4096))  # here
print("LEAKED")
