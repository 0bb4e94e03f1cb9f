"""Pictures of programs as SVG, plain or with what a profile knows of them."""
