"""Profiles of running servers: read, compared, shown. The runtimes take them."""
