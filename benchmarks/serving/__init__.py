"""What `python.py` measures: one small server in Python, on Flux's runtimes and on its peers."""
