# policy:
# | [network]
# | connect = []
# | bind = []
# expect: violation network
# expect-rule: network.connect
import socket

socket.gethostbyname("localhost")  # here
