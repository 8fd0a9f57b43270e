# technique: the class behind socket.socket
# policy:
# | [network]
# | connect = []
# | bind = []
# expect: violation network
import _socket

_socket.socket(2, 1, 0).connect_ex(("127.0.0.1", 9))  # here
print("LEAKED")
