# technique: the loop that shuts down absorbs exceptions of asynchronous generators
# policy:
# | [[functions]]
# | id = "no-groups"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
import asyncio
import os


async def generator():
    try:
        yield 1
    finally:
        os.getpgid(0)  # here


async def main():
    async for _ in generator():
        break


try:
    asyncio.run(main())
except BaseException:
    pass
print("LEAKED")
