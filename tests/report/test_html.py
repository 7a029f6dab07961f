"""The HTML page: whole, self-contained, and safe whatever the names in it."""

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from planner.report.html import render
from planner.report.model import Bar, Column, Commands, Items, Report, Section, Table, Text


def page(*blocks) -> str:
    """A report of one section as HTML."""
    return render(Report("Title", (Section("Section", blocks),)))


class Reader(HTMLParser):
    """Texts of the cells, and whether every tag that was opened is closed in order."""

    VOID = frozenset({"meta", "input", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "td" in self.open:
            self.cells[-1] += data


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S"])), min_size=1, max_size=6))
def test_any_text_comes_out_as_it_went_in(texts):
    reader = Reader(page(Table((Column("name"),), tuple((text,) for text in texts)), Items(tuple(texts))))
    assert reader.open == []
    assert reader.cells == texts
    assert "script" not in reader.tags


def test_every_row_is_in_the_page_and_those_behind_the_limit_are_folded():
    rows = tuple((f"r{n}", n * 1000) for n in range(9))
    text = page(Table((Column("row"), Column("n", "count")), rows, limit=3, total=True))
    assert text.count('<tr class="more">') == 5
    assert "show 5 more rows" in text
    assert re.search(r'<tr class="total"><td class="text">r8</td><td class="figure">8,000</td>', text)


def test_bars_share_one_scale_and_stay_inside_it():
    text = page(Table((Column("", "bar"),), ((Bar(5.0, 10.0),), (Bar(2.5),), (Bar(0.0, 0.0),))))
    assert re.findall(r"width:([\d.]+)%", text) == ["50.0", "25.0", "0.0"]
    assert re.findall(r"left:([\d.]+)%", text) == ["100.0", "0.0"]


def test_the_page_loads_nothing():
    text = page(Text("see https://example.org", strong=True), Commands((("planner show", "shows"),)))
    assert not re.search(r"(src|href)=.(?!#)", text)
    assert "url(" not in text
    assert "@import" not in text
