# policy:
# | [limits]
# | processes = 2
# expect: limit processes
import subprocess

for _ in range(2):
    subprocess.run("setsid sleep 60 >/dev/null 2>&1 &", shell=True)
subprocess.run(["true"])  # here
print("LEAKED")
