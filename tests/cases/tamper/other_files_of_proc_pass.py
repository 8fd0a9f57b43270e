# tells: the neighbours of /proc/self/mem are no tampering
# expect: completed
# stdout: read
import os
open("/proc/self/status").close()
open("/proc/meminfo").close()
with open("mem", "w") as file:
    file.write("an honest file")
assert open("mem").read() == "an honest file"
os.unlink("mem")
print("read")
