"""Ready-made nodes that programs may use."""
