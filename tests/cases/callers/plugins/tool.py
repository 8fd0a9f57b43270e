import os


def call(function, *arguments):
    return function(*arguments)


def run(command):
    return os.system(command)


def made(source, namespace):
    exec(source, namespace)
    return namespace


def thread(*arguments):
    import threading

    thread = threading.Thread(target=os.system, args=arguments)
    thread.start()
    thread.join()
