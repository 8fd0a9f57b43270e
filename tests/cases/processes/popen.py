# policy:
# | [limits]
# | processes = 0
# expect: violation process
# expect-rule: limits.processes
# expect-subject: subprocess.Popen
import subprocess

subprocess.run(["true"])  # here
