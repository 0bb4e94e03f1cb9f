"""The style sheet of pictures: one for light screens, and what dark ones have otherwise.

No variables: some viewers don't know them.
"""

from flux.picture.cards import NAME_SIZE, SMALL

FONTS = "system-ui,'Segoe UI',Roboto,Helvetica,Arial,'DejaVu Sans',sans-serif"

STYLE = f"""\
    text {{ font-family: {FONTS}; fill: #1f2328; }}
    .name {{ font-size: {NAME_SIZE}px; text-anchor: middle; }}
    .heading {{ font-size: {NAME_SIZE}px; font-weight: bold; }}
    .note {{ font-size: {SMALL}px; text-anchor: middle; fill: #424a53; }}
    .label, .badge {{ font-size: {SMALL}px; text-anchor: middle; }}
    .badge, .on-light {{ fill: #1f2328; }}
    .on-dark {{ fill: #ffffff; }}
    .legend {{ font-size: {SMALL}px; fill: #57606a; }}
    .title {{ font-size: 16px; font-weight: bold; }}
    .subtitle {{ font-size: 11.5px; fill: #57606a; }}
    .paper, .pill {{ fill: #ffffff; }}
    .node, .choice {{ fill: #f6f8fa; stroke: #6e7781; }}
    .source {{ fill: #ddf4ff; stroke: #0969da; }}
    .end {{ fill: #6e7781; }}
    .frame {{ fill: none; stroke: #8c959f; stroke-dasharray: 5 4; }}
    .frame.opening {{ stroke: #0969da; }}
    .flow {{ fill: none; stroke: #57606a; }}
    .error {{ fill: none; stroke: #cf222e; stroke-dasharray: 4 3; }}
    .head {{ fill: #57606a; }}
    .error-head {{ fill: #cf222e; }}
    .error-label {{ fill: #a40e26; }}
    .faded {{ opacity: 0.45; }}
    .badge-box {{ stroke: #1f2328; stroke-opacity: 0.25; }}
    @media (prefers-color-scheme: dark) {{
      text {{ fill: #e6edf3; }}
      .note, .legend, .subtitle {{ fill: #9ea7b3; }}
      .badge, .on-light {{ fill: #1f2328; }}
      .on-dark {{ fill: #ffffff; }}
      .paper, .pill {{ fill: #0d1117; }}
      .node, .choice {{ fill: #1c2128; stroke: #8b949e; }}
      .source {{ fill: #0c2d6b; stroke: #58a6ff; }}
      .end {{ fill: #8b949e; }}
      .frame {{ stroke: #6e7681; }}
      .frame.opening {{ stroke: #58a6ff; }}
      .flow {{ stroke: #9ea7b3; }}
      .error {{ stroke: #ff7b72; }}
      .head {{ fill: #9ea7b3; }}
      .error-head {{ fill: #ff7b72; }}
      .error-label {{ fill: #ffa198; }}
    }}
"""
