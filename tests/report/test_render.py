"""Renderers: they fit the width, cut long tables with a word about it, and need no colour."""

import re
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from planner.report.markdown import render
from planner.report.model import Bar, Column, Commands, Items, Report, Section, Table, Text
from planner.report.terminal import show
from tests.report.conftest import printed

_WORDS = st.lists(
    st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=1, max_size=12), max_size=8
)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def report(*blocks) -> Report:
    """A report of one section."""
    return Report("Title", (Section("Section", blocks),))


def numbers(rows: int, columns: int = 3, **table) -> Table:
    """A table of numbers."""
    heads = (Column("row"), *(Column(f"column {n}", "count") for n in range(columns)))
    body = tuple((f"r{row}", *(row * 1000 + n for n in range(columns))) for row in range(rows))
    return Table(heads, body, **table)


@settings(deadline=None)  # the machine may be busy
@given(cells=st.lists(_WORDS.map(" ".join), min_size=1, max_size=12), wrap=st.booleans(), width=st.integers(60, 160))
def test_no_line_is_wider_than_the_terminal(cells, wrap, width):
    columns = tuple(Column(f"c{n}", wrap=wrap) for n in range(len(cells)))
    fits = wrap or max(map(len, cells)) <= width / 2
    shown = printed(report(Table(columns, (tuple(cells),)), Text(" ".join(cells)), Items(tuple(cells))), width)
    assert not fits or max(map(len, shown.split("\n"))) <= width


def test_a_table_that_does_not_fit_is_continued_below_with_its_first_column():
    shown = printed(report(numbers(2, columns=20)), 80)
    assert shown.count("r1 ") == shown.count("row ") > 1
    assert "1,019" in shown


def test_what_is_continued_leaves_out_rows_that_are_empty_there():
    wide = "x" * 40
    table = Table((Column("row"), Column("first"), Column("second")), (("r0", wide, ""), ("r1", wide, wide)))
    assert [line.split()[0] for line in printed(report(table), 60).split("\n") if line[:1] == "r"] == [
        "row",
        "r0",
        "r1",
        "row",
        "r1",
    ]


def test_a_long_table_is_cut_and_says_where_the_whole_is():
    shown = printed(report(numbers(30, limit=5, whole="rows.csv")), 80)
    assert "5 of 30 rows; all of them: rows.csv" in shown
    assert "r4" in shown
    assert "r5" not in shown


def test_a_cut_table_keeps_its_total():
    shown = printed(report(numbers(30, limit=5, whole="rows.csv", total=True)), 80)
    assert "5 of 29 rows" in shown
    assert "r29" in shown


def test_markdown_has_every_row():
    assert "r29" in render(report(numbers(30, limit=5, whole="rows.csv")))


def test_bars_share_a_scale_and_mark_the_target():
    table = Table((Column("x"), Column("bar", "bar")), (("a", Bar(10, 20)), ("b", Bar(20, 20)), ("c", Bar(5))))
    lines = [line.split() for line in printed(report(table), 40).split("\n") if line[:2] in ("a ", "b ", "c ")]
    full = [sum(part.count("█") for part in line) for line in lines]
    assert full[1] == 2 * full[0] == 4 * full[2]
    assert [("│" in "".join(line)) for line in lines] == [True, True, False]


def test_colour_carries_no_meaning():
    whole = report(numbers(3, total=True), Text("strong", strong=True), Items(("a",)), Commands((("run", "it"),)))
    out = StringIO()
    show(
        whole, Console(file=out, width=80, markup=False, highlight=False, force_terminal=True, color_system="truecolor")
    )
    painted = "\n".join(line.rstrip() for line in _ANSI.sub("", out.getvalue()).split("\n"))
    assert painted == printed(whole, 80)


def test_a_terminal_without_unicode_gets_plain_characters():
    class Ascii(StringIO):
        encoding = "ascii"

    out = Ascii()
    table = Table((Column("x"), Column("", "bar")), (("a", Bar(1, 2)),))
    show(report(table, Items(("a",))), Console(file=out, width=60, markup=False, highlight=False))
    assert out.getvalue().isascii()


def test_markdown_leaves_nothing_to_be_read_as_markup():
    assert r"a\|b \*c\* &lt;d&gt;" in render(report(Text("a|b *c* <d>")))
