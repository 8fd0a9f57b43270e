# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
import asyncio
import os


async def bad():
    os.getpgid(0)  # here


async def main():
    task = asyncio.create_task(bad())
    await asyncio.sleep(0.01)
    print("LEAKED", task)


asyncio.run(main())
