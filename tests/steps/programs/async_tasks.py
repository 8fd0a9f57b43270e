"""Coroutines: gather, async generators, async with, cancellation, comprehensions."""

import asyncio

log = []


async def worker(name, n):
    for i in range(n):
        log.append((name, i))
        await asyncio.sleep(0)
    return n


async def numbers(n):
    try:
        for i in range(n):
            yield i
            await asyncio.sleep(0)
    finally:
        log.append("generator done")


class Session:
    async def __aenter__(self):
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, kind, value, traceback):
        await asyncio.sleep(0)
        return kind is KeyError


class Countdown:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


async def forever():
    try:
        while True:
            await asyncio.sleep(3600)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise


async def main():
    results = await asyncio.gather(worker("a", 2), worker("b", 3))
    async for n in numbers(3):
        log.append(n)
    async with Session() as s, Session():
        raise KeyError
    doubled = [n * 2 async for n in numbers(3)]
    waited = [await worker("c", n) for n in range(2)]
    table = {n: n async for n in Countdown(2)}
    task = asyncio.create_task(forever())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        log.append("seen")
    async for n in Countdown(3):
        if n == 1: break
    else:
        log.append("never")
    failed = await asyncio.gather(failing(), return_exceptions=True)
    return results, doubled, waited, table, failed


async def failing():
    raise ValueError("gathered")


asyncio.run(main())
