# technique: coroutines that wait for each other without a loop
# policy:
# | [limits]
# | steps = 1000
# | wall = "20s"
# expect: limit steps
async def one():
    return 1


async def many():
    while True:
        await one()


many().send(None)
print("LEAKED")
