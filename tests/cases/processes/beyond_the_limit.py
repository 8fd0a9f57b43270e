# policy:
# | [limits]
# | processes = 2
# expect: limit processes
# stdout: two
import subprocess

first, second = subprocess.Popen(["sleep", "60"]), subprocess.Popen(["sleep", "60"])
print("two")
subprocess.run(["true"])  # here
print("LEAKED")
