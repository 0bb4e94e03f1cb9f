def listen():
    return 1


async def read(socket):
    return socket, ""


def answer(socket, line):
    print(socket, line)
