"""What `event.py` measures: replies out of memory on the event runtime, nginx, and h2o."""
