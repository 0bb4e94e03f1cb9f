"""Who calls gRPC asks for a stack that fibers don't have, and so stays a thread."""

import sys
import threading

import grpc
from together import tell_of

threading.stack_size(16 << 20)
with grpc.insecure_channel(sys.argv[1]) as channel:
    meet = channel.unary_unary("/meeting/meet")
    tell_of(lambda number: meet(str(number).encode(), timeout=100).decode(), int(sys.argv[2]))
