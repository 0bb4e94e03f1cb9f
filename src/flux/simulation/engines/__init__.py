"""What runs a model: the engine in C++ and the one in Python, and what both keep to.

Each is generated for the model, and leaves out what it doesn't use (`features`). They draw the same
numbers (`draws`) and add up in the same order (`latencies`), so their results are equal to the last
bit. `limits` says what can't be run.
"""
