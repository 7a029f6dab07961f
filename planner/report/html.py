"""A report as one HTML page: no script, nothing loaded; it reads in a browser, in an e-mail and on paper."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import count

from planner.report.curve import svg
from planner.report.format import cells
from planner.report.model import Bar, Block, Cell, Column, Commands, Curve, Items, Report, Table, Text

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<nav>
{links}
</nav>
</header>
<main>
{sections}
</main>
</body>
</html>
"""


def render(report: Report) -> str:
    """The report as HTML text; rows that a terminal would cut are there, folded until asked for or printed."""
    numbers = count(1)
    links, sections = [], []
    for index, section in enumerate(report.sections, start=1):
        links.append(f'<a href="#s{index}">{escape(section.title)}</a>')
        body = "\n".join(part for block in section.blocks for part in _block(block, numbers))
        sections.append(f'<section id="s{index}">\n<h2>{escape(section.title)}</h2>\n{body}\n</section>')
    style = files("planner.report").joinpath("report.css").read_text(encoding="utf-8")
    return _PAGE.format(title=escape(report.title), style=style, links="\n".join(links), sections="\n".join(sections))


def _block(block: Block, numbers: Iterator[int]) -> Iterator[str]:
    match block:
        case Text(text, strong):
            yield f'<p class="strong">{escape(text)}</p>' if strong else f"<p>{escape(text)}</p>"
        case Items(items):
            yield f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
        case Commands(lines):
            listed = "".join(f"<dt>{escape(command)}</dt><dd>{escape(meaning)}</dd>" for command, meaning in lines)
            yield f'<dl class="commands">{listed}</dl>'
        case Table():
            yield from _table(block, numbers)
        case Curve():
            yield from svg(block)


def _table(table: Table, numbers: Iterator[int]) -> Iterator[str]:
    heads, columns = [], []
    for index, column in enumerate(table.columns):
        values = [row[index] for row in table.rows]
        unit, texts = cells(column, values)
        heads.append(_head(column, unit))
        columns.append(_bars(values) if column.kind == "bar" else [escape(text) for text in texts])
    yield "<figure>"
    if table.title:
        yield f"<figcaption>{escape(table.title)}</figcaption>"
    folded = _folded(table)
    if folded:
        name = f"t{next(numbers)}"
        yield f'<input type="checkbox" class="all" id="{name}">'
        yield f'<label for="{name}">show {len(folded)} more rows</label>'
    yield '<div class="scroll"><table>'
    yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    for number in range(len(table.rows)):
        total = table.total and number == len(table.rows) - 1
        style = ' class="total"' if total else ' class="more"' if number in folded else ""
        line = (_cell(column, columns[index][number]) for index, column in enumerate(table.columns))
        yield f"<tr{style}>{''.join(line)}</tr>"
    yield "</tbody></table></div>"
    if table.note:
        yield f'<p class="note">{escape(table.note)}</p>'
    yield "</figure>"


def _folded(table: Table) -> range:
    """Rows behind the limit, a total excepted."""
    last = len(table.rows) - table.total
    return range(0) if table.limit is None or last <= table.limit else range(table.limit, last)


def _style(column: Column) -> str:
    return "chart" if column.kind == "bar" else "text" if column.kind == "text" else "figure"


def _head(column: Column, unit: str) -> str:
    title = escape(column.title.replace("\n", " "))
    small = f"<small>{escape(unit)}</small>" if unit else ""
    return f'<th class="{_style(column)}" scope="col">{title}{small}</th>'


def _cell(column: Column, text: str) -> str:
    return f'<td class="{_style(column)}">{text}</td>'


def _bars(found: Sequence[Cell]) -> list[str]:
    """Bars of one column, the longest value or mark across the whole width."""
    bars = [cell for cell in found if isinstance(cell, Bar)]
    longest = max((max(bar.value, bar.mark or 0.0) for bar in bars), default=0.0) or 1.0
    return [_bar(cell, longest) if isinstance(cell, Bar) else "" for cell in found]


def _bar(bar: Bar, longest: float) -> str:
    mark = "" if bar.mark is None else f'<b style="left:{100 * bar.mark / longest:.1f}%"></b>'
    return f'<span class="bar"><i style="width:{100 * max(bar.value, 0.0) / longest:.1f}%"></i>{mark}</span>'
