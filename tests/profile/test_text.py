"""What a person sees of a profile."""

from pathlib import Path

import pytest
from measured.image import image_profile

from flux.profile.text import as_text
from flux.render.paint import plain

GOLDEN = Path(__file__).parent


@pytest.mark.parametrize("width", [80, 120])
def test_a_profile_is_shown_like_this(golden, width):
    golden(GOLDEN / f"image-{width}.txt", as_text(image_profile(), "time", 10, width, plain))
