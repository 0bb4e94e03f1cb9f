"""Programs of Python that are measured with threads and with fibers, and how they are started."""
