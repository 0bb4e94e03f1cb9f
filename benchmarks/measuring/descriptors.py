"""Descriptors: as many connections as the system allows, for servers and for their clients."""

import resource

MOST = 20_000


def raise_limit() -> int:
    """Let this process and those that it starts open many files; how many."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    limit = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return limit
