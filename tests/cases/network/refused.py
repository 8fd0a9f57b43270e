# policy:
# | [network]
# | connect = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | bind = ["127.0.0.1:*", "unix:{cwd}/*", "unix:@fine-*"]
# | action = "refuse"
# expect: completed
# stdout: fine
import socket


try:
    socket.create_connection(("127.0.0.2", 9))
    print("LEAKED")
except PermissionError:
    print("fine")
