# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpgid
import asyncio
import os


async def main():
    x = os.getpgid(0)  # here
    print("LEAKED", x)


asyncio.run(main())
