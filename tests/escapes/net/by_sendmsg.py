# technique: a message names its target itself
# policy:
# | [network]
# | connect = []
# | bind = []
# expect: violation network
import socket

socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, ("127.0.0.1", 9))  # here
print("LEAKED")
