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
    results = await asyncio.gather(bad(), return_exceptions=True)
    print("LEAKED", results)


asyncio.run(main())
