# technique: the same file in the folder of a thread, through a link
# expect: violation tamper
import os

os.symlink(f"/proc/{os.getppid()}/task/{os.getppid()}", "thread")
with open("thread/environ", "rb") as environment:  # here
    if b"CASE_HIDDEN" in environment.read():
        print("LEAKED")
