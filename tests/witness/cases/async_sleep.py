# inside: select.epoll.poll
# function: <module>
# innermost: *
import asyncio

asyncio.run(asyncio.sleep(9999))  # here
