# policy:
# | [[functions]]
# | id = "short"
# | match = "__main__.solve"
# | max_recursion = 1
# expect: completed
# stdout: done

import asyncio


async def solve():
    await asyncio.sleep(0)


async def main():
    await asyncio.gather(*[solve() for _ in range(20)])


asyncio.run(main())
print("done")
