# policy:
# | [network]
# | connect = ["127.0.0.1:80"]
# expect: violation network
# expect-rule: network.connect
import socket

socket.socket().connect(("127.0.0.1", 81))  # here
