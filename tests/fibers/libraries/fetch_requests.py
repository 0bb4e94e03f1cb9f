import sys

import requests
from together import tell_of

tell_of(lambda number: requests.get(f"{sys.argv[1]}/{number}", timeout=100).text, int(sys.argv[2]))
