"""The style sheet of plots, for light screens and dark ones, and the colours of their lines."""

from flux.drawing.colours import lch

FONTS = "system-ui,'Segoe UI',Roboto,Helvetica,Arial,'DejaVu Sans',sans-serif"
SIZE = 12.0

# Far apart for most people, also those who see few hues: lightness differs as well.
_HUES = ((250, 0.50), (50, 0.66), (160, 0.55), (350, 0.52), (100, 0.72), (300, 0.45), (215, 0.70))
SERIES = len(_HUES)


def style() -> str:
    """All of it."""
    light = "".join(_series(number, lightness) for number, (_, lightness) in enumerate(_HUES))
    dark = "".join(
        _series(number, lightness + (1 - lightness) * 0.4)
        for number, (_, lightness) in enumerate(_HUES)
    )
    return f"""\
    text {{ font-family: {FONTS}; font-size: {SIZE:g}px; fill: #1f2328; }}
    .title {{ font-size: 16px; font-weight: bold; }}
    .quiet {{ fill: #57606a; }}
    .right {{ text-anchor: end; }}
    .middle {{ text-anchor: middle; }}
    .paper {{ fill: #ffffff; }}
    .grid {{ stroke: #d8dee4; stroke-width: 1; }}
    .axis {{ stroke: #6e7781; stroke-width: 1; }}
    .limit {{ stroke: #cf222e; stroke-width: 1.2; stroke-dasharray: 6 4; }}
    .limit-name {{ fill: #a40e26; stroke: #ffffff; stroke-width: 4px; paint-order: stroke; }}
    .line {{ fill: none; stroke-width: 2; stroke-linejoin: round; }}
    .predicted {{ stroke-dasharray: 0.1 5; stroke-linecap: round; stroke-width: 2.8; }}
    .end {{ stroke-width: 1; stroke-dasharray: 2 4; opacity: 0.7; }}
    .band {{ opacity: 0.18; stroke: none; }}
{light}    @media (prefers-color-scheme: dark) {{
      text {{ fill: #e6edf3; }}
      .quiet {{ fill: #9ea7b3; }}
      .paper {{ fill: #0d1117; }}
      .grid {{ stroke: #262c36; }}
      .axis {{ stroke: #8b949e; }}
      .limit {{ stroke: #ff7b72; }}
      .limit-name {{ fill: #ffa198; stroke: #0d1117; }}
      .band {{ opacity: 0.28; }}
{dark}    }}
"""


def series(number: int) -> str:
    """The class of the n-th line."""
    return f"s{number % SERIES}"


def _series(number: int, lightness: float) -> str:
    hue, _ = _HUES[number]
    colour = lch(lightness, 0.16, hue)
    name = series(number)
    return (
        f"    .{name} {{ stroke: {colour}; }}\n"
        f"    .band.{name}, .dot.{name} {{ fill: {colour}; }}\n"
    )
