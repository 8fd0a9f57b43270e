# policy:
# | [network]
# | connect = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | bind = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# expect: completed
# stdout: fine
import os
import socket

server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
other = socket.create_connection(("localhost", server.getsockname()[1]))
client.send(b"fine")
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.1", 0))
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.sendto(b"1", receiver.getsockname())
sender.sendmsg([b"2"], [], 0, receiver.getsockname())
for address in ("socket", "\0fine-%d" % os.getpid()):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    socket.socket(socket.AF_UNIX).connect(address)
one, two = socket.socketpair()
one.send(b"3")
print(receiver.recv(9), receiver.recv(9), two.recv(9), server.accept()[0].recv(9))
print("fine")
