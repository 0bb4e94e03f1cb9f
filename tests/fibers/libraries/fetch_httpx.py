import sys

import httpx
from together import tell_of

# One client, whose pool is shared by all threads.
limits = httpx.Limits(max_connections=None)
with httpx.Client(timeout=100, limits=limits, trust_env=False) as client:
    tell_of(lambda number: client.get(f"{sys.argv[1]}/{number}").text, int(sys.argv[2]))
