# inside: select.epoll.poll
# function: <module>
import asyncio

asyncio.run(asyncio.sleep(9999))  # here
