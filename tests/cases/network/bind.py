# policy:
# | [network]
# | connect = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | bind = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# expect: violation network
# expect-rule: network.bind
import socket

socket.socket().bind(("127.0.0.2", 0))  # here
