# technique: an event loop calls its callback from C
# policy:
# | [[functions]]
# | id = "no-parent"
# | match = "os.getppid"
# | action = "deny"
# expect: violation call
import asyncio
import os


async def main():
    asyncio.get_running_loop().call_soon(os.getppid)
    await asyncio.sleep(0)
    await asyncio.sleep(0)


asyncio.run(main())
print("LEAKED")
