"""Drawings without a program to install: layered layout, text widths, colours, an SVG pen.

Nothing in here knows of Flux.
"""
