"""Functions of C and C++."""
