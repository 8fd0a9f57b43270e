# policy:
# | [network]
# | connect = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | bind = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# expect: violation network
# expect-rule: network.connect
# expect-subject: 127.0.0.2:9
import socket

socket.socket().connect(("0x7f000002", 9))  # here
