"""Flux: concurrent servers as a picture of data flow (Burns et al., USENIX 2006).

The compiler is loaded only when it is asked for, so that `import flux` costs a
generated program, or a node that wants `flux.current_error()`, next to nothing.
"""
