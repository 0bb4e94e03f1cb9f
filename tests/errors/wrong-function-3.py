def listen() -> int:
    return 1


def read(socket: int) -> tuple[int, bytes]:
    return socket, b""


def answer(socket: int, line: str) -> None:
    print(socket, line)
