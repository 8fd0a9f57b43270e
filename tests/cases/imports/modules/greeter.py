"""A module beside the script: its imports are the guest's."""


def greet():
    print("greeting")


def connect():
    import socket
    return socket.socket
