# policy:
# | [network]
# | connect = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | bind = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# expect: violation network
# expect-rule: network.connect
# expect-subject: socket.AF_NETLINK
import socket

socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)  # here
