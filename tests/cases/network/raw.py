# policy:
# | [network]
# | connect = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | bind = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# expect: violation network
# expect-rule: network.connect
# expect-subject: socket.SOCK_RAW
import socket

socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)  # here
