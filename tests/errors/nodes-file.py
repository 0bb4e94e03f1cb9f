def listen()
    return 1
