# policy:
# | [limits]
# | processes = 2
# expect: completed
# stdout: fine
import os
import subprocess

first = subprocess.Popen(["sleep", "60"])
print(subprocess.run(["echo", "one"], capture_output=True, text=True).stdout)
os.system("true")
os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
first.kill()
first.wait()
second, third = subprocess.Popen(["sleep", "60"]), subprocess.Popen(["sleep", "60"])
second.terminate()
os.killpg(0, 0)
third.terminate()
print("fine")
