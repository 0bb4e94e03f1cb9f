def listen():
    return 1


def raed(socket):
    return socket, ""


def answer(socket, line):
    print(socket, line)
