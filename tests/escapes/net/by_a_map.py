# technique: C code calls connect
# policy:
# | [network]
# | connect = []
# | bind = []
# expect: violation network
import socket

list(map(socket.socket().connect, [("127.0.0.1", 9)]))  # here
print("LEAKED")
