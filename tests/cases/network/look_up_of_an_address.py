# policy:
# | [network]
# | connect = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | bind = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# expect: violation network
# expect-rule: network.connect
import socket

socket.gethostbyaddr("127.0.0.2")  # here
