def listen():
    return 'Café'
