"""Colour is for people who look: not for pipes, not with NO_COLOR. Progress is for terminals only."""

import io
import json
import math
import re

import pytest

from planner.cli import console
from planner.cli.progress import Progress, progress_line, short_number
from planner.errors import Diagnostic

FAULT = Diagnostic("unit", "40 is no power", "write 40 MW")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Call it to turn stderr into a colour terminal of 80 columns (pytest's own capture is set after fixtures)."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")

    def look() -> Terminal:
        stream = Terminal()
        monkeypatch.setattr("sys.stderr", stream)
        return stream

    return look


def test_a_terminal_gets_colour(terminal):
    screen = terminal()
    console.tell([FAULT])
    assert "\x1b[" in screen.getvalue()


def test_no_color_is_obeyed_and_the_words_are_the_same(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    screen = terminal()
    console.tell([FAULT])
    shown = screen.getvalue()
    assert not re.search(r"\x1b\[[\d;]*[349]\d", shown)
    assert re.sub(r"\x1b\[\d*m", "", shown) == "error[unit]: 40 is no power\n  help: write 40 MW\n"


def test_a_pipe_gets_the_same_words(capsys):
    console.tell([FAULT])
    assert capsys.readouterr().err == "error[unit]: 40 is no power\n  help: write 40 MW\n"


@pytest.mark.parametrize(("columns", "width"), [(None, 80), ("132", 132)])
def test_a_piped_console_is_80_wide_or_what_columns_says(monkeypatch, columns, width):
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    assert console.stdout().width == width


def test_text_with_brackets_is_no_markup(capsys):
    console.stdout().print("order[H200-8x,2027Q1] :warning:")
    assert capsys.readouterr().out == "order[H200-8x,2027Q1] :warning:\n"


def test_json_is_versioned_and_keeps_order_and_script(capsys):
    console.emit_json({"z": "昇腾", "a": 1})
    text = capsys.readouterr().out
    assert "昇腾" in text
    assert list(json.loads(text)) == ["schema_version", "z", "a"]


def test_json_refuses_numbers_that_json_has_not():
    with pytest.raises(ValueError, match="not JSON compliant"):
        console.emit_json({"x": math.nan})


def test_progress_is_silent_where_nobody_looks(capsys):
    with Progress() as progress:
        progress.update("plan", 5e9, 4e9, 0.2, 1.0)
    assert capsys.readouterr() == ("", "")


def test_progress_moves_on_a_terminal_and_settles_each_stage(terminal):
    screen = terminal()
    with Progress() as progress:
        progress.update("as ruled", None, None, None, 0.1)
        progress.update("as ruled", 5.512e9, 5.49e9, 0.004, 2.0)
        progress.update("without the ban", 4e9, 4e9, 0.0, 1.0)
    lines = screen.getvalue().replace("\x1b[2K", "")
    assert "as ruled: found 5.512 bn, bound 5.490 bn, gap 0.40 %, 2.0 s\n" in lines
    assert "without the ban: found 4.000 bn, bound 4.000 bn, gap 0.00 %, 1.0 s\n" in lines


def test_progress_leaves_out_what_is_unknown():
    assert progress_line("plan", None, None, None, 3.14) == "plan: nothing found yet, 3.1 s"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.512e9, "5.512 bn"),
        (43e6, "43.00 m"),
        (812.0, "812"),
        (-1.2e12, "-1.200 tn"),
        (12345.6, "12,346"),
        (3e16, "3.000e+16"),
    ],
)
def test_short_numbers(value, text):
    assert short_number(value) == text
