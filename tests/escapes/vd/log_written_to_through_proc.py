# technique: the log is opened through the descriptors of the supervisor
# expect: violation tamper
import os

folder = f"/proc/{os.getppid()}/fd"
for name in os.listdir(folder):
    try:
        if os.readlink(f"{folder}/{name}").endswith("audit.jsonl"):
            with open(f"{folder}/{name}", "a") as log:
                log.write("LEAKED")
    except FileNotFoundError:
        pass
