# policy:
# | [imports]
# | deny = ["subprocess"]
# tells: the constructor of a class of a denied module, reached through a library
# expect: violation import
# expect-subject: subprocess
import asyncio
subprocess = asyncio.subprocess.subprocess
subprocess.Popen(["true"])  # here
print("LEAKED")
