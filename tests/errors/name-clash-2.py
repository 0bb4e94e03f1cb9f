def listen():
    return 1


def init(socket):
    print(socket)
