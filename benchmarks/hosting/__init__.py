"""What `web.py` measures: the web server under the load of the paper, and its peers."""
