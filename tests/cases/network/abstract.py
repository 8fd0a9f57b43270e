# policy:
# | [network]
# | connect = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | bind = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# expect: violation network
# expect-rule: network.connect
# expect-subject: unix:@other
import socket

socket.socket(socket.AF_UNIX).connect("\0other")  # here
