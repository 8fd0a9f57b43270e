# python: 3.14+
# expect: completed
# stdout: 3
import asyncio
import concurrent.futures


async def three():
    return 3


with concurrent.futures.ThreadPoolExecutor() as pool:
    print(pool.submit(asyncio.run, three()).result())
