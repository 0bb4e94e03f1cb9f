import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.runtime.tracer.context import Context, parsed

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"

contexts = st.builds(
    Context, st.integers(1, 2**128 - 1), st.integers(1, 2**64 - 1), sampled=st.booleans()
)


@given(contexts)
def test_a_context_is_read_as_it_was_written(context):
    assert parsed(context.as_text()) == context


@given(st.text())
def test_no_text_is_too_strange(text):
    assert parsed(text) is None


@pytest.mark.parametrize(
    ("text", "sampled"),
    [
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-02", False),
        (f"00-{TRACE}-{SPAN}-ff", True),
        (f"01-{TRACE}-{SPAN}-01", True),
        (f"cc-{TRACE}-{SPAN}-01-what-the-future-brings", True),
    ],
)
def test_contexts_of_all_versions_are_understood(text, sampled):
    assert parsed(text) == Context(int(TRACE, 16), int(SPAN, 16), sampled)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01-more",
        f"01-{TRACE}-{SPAN}-01more",
        f"00-{TRACE[1:]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
        f" 00-{TRACE}-{SPAN}-01",
        f"0x-{TRACE}-{SPAN}-01",
        f"00_{TRACE}_{SPAN}_01",
        f"00-{TRACE}-{SPAN}",
        None,
        b"",
    ],
)
def test_what_is_no_context_is_ignored(text):
    assert parsed(text) is None
