"""The questions of `image.py` about the image server, and the servers it is compared with."""
