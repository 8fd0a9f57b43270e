# policy:
# | [network]
# | connect = []
# | bind = []
# expect: completed
# stdout: fine
import socket

print(socket.getaddrinfo("127.0.0.2", 80)[0][4], socket.gethostbyname("127.0.0.2"))
socket.socket()
print("fine")
