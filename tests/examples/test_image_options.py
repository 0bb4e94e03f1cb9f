"""The command line of the image server."""

import pytest

from options import parse_options


def test_options_say_where_and_what_and_how_much(tmp_path):
    options = parse_options(
        ["--port", "0", "--root", str(tmp_path), "--cache-bytes", "5", "--timeout", "0.5"]
    )
    assert (options.host, options.port, options.root) == ("127.0.0.1", 0, tmp_path)
    assert (options.cache_bytes, options.timeout, options.idle_timeout) == (5, 0.5, 60.0)


@pytest.mark.parametrize(
    "words",
    [
        ["--port", "-1"],
        ["--port", "65536"],
        ["--port", "http"],
        ["--root", "/nowhere"],
        ["--root", __file__],
        ["--cache-bytes", "-1"],
        ["--max-pixels", "many"],
        ["--timeout", "0"],
        ["--timeout", "nan"],
        ["--idle-timeout", "inf"],
        ["--unknown"],
    ],
)
def test_a_wrong_option_ends_the_program_with_a_word(words, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        parse_options(["--root", str(tmp_path), *words])
    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_help_names_every_option(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        parse_options(["--root", str(tmp_path), "--help"])
    assert ended.value.code == 0
    assert "--cache-bytes" in capsys.readouterr().out
