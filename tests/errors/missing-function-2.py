def listen():
    return 1


def answer(socket, line):
    print(socket, line)
