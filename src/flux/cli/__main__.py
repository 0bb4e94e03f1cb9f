"""`python -m flux.cli` is `flux`."""

from flux.cli import main

main(prog_name="flux")
