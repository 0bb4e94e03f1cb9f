"""What every peer answers: the text that the program of Flux has, and its type."""

TEXT = bytes(ord("a") + place % 26 for place in range(1024))
TYPE = "text/plain"
