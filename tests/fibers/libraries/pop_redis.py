"""Each client waits for what the last one brings, on a connection of its own."""

import sys

import redis
from together import tell_of

count = int(sys.argv[2])
server = redis.Redis(unix_socket_path=sys.argv[1])


def pop(_):
    if server.incr("arrivals") == count:
        server.rpush("gifts", *range(count))
    return int(server.blpop("gifts")[1])


tell_of(pop, count)
