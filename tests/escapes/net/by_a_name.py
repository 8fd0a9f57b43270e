# technique: a name is looked up
# policy:
# | [network]
# | connect = []
# | bind = []
# expect: violation network
import socket

socket.gethostbyname("localhost")  # here
print("LEAKED")
