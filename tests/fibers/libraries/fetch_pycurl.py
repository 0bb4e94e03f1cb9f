import io
import sys

import pycurl
from together import tell_of

# Names are resolved by threads of the library.
address = sys.argv[1].replace("127.0.0.1", "localhost")


def fetch(number):
    body, transfer = io.BytesIO(), pycurl.Curl()
    transfer.setopt(pycurl.URL, f"{address}/{number}")
    transfer.setopt(pycurl.WRITEDATA, body)
    transfer.perform()
    transfer.close()
    return body.getvalue().decode()


tell_of(fetch, int(sys.argv[2]))
