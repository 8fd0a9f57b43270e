# technique: a datagram needs no connection
# policy:
# | [network]
# | connect = []
# | bind = []
# expect: violation network
import socket

socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))  # here
print("LEAKED")
