# technique: a socket that listens gets a port without being bound
# policy:
# | [network]
# | connect = []
# | bind = []
# expect: violation network
import socket

socket.socket().listen()  # here
print("LEAKED")
