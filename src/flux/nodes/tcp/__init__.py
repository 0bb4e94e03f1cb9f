"""TCP for servers: a listener that hands out connections with something to read."""

from flux.nodes.tcp.connection import Buffer, Connection, UnveiledError
from flux.nodes.tcp.listener import Listener

__all__ = ["Buffer", "Connection", "Listener", "UnveiledError"]
