"""A report as Markdown (GitHub's tables)."""

from collections.abc import Iterator

from planner.report.format import cells
from planner.report.model import Block, Commands, Items, Report, Table, Text
from planner.report.terminal import bar_column

_BAR = 20
_FULL, _MARK = "\N{FULL BLOCK}", "\N{BOX DRAWINGS LIGHT VERTICAL}"
_SPECIAL = str.maketrans({"|": "\\|", "<": "&lt;", ">": "&gt;", "*": "\\*", "_": "\\_", "`": "\\`", "\n": "<br>"})


def render(report: Report) -> str:
    """The report as Markdown text, all rows of all tables."""
    lines = [f"# {_plain(report.title)}", ""]
    for section in report.sections:
        lines += [f"## {_plain(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
    return "\n".join(lines).rstrip() + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(text, strong):
            yield f"**{_plain(text)}**" if strong else _plain(text)
        case Items(items):
            yield from (f"- {_plain(item)}" for item in items)
        case Commands(lines):
            yield "```sh"
            for command, meaning in lines:
                yield from (f"# {meaning}", command)
            yield "```"
        case Table():
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield from (f"*{_plain(table.title)}*", "")
    heads, columns, rules = [], [], []
    for index, column in enumerate(table.columns):
        values = [row[index] for row in table.rows]
        unit, texts = cells(column, values)
        title = _plain(column.title.replace("\n", " "))
        heads.append(f"{title}, {_plain(unit)}" if unit and title else title or _plain(unit))
        columns.append(
            bar_column(values, _BAR, _FULL, _MARK) if column.kind == "bar" else [_plain(text) for text in texts]
        )
        rules.append("---" if column.kind in ("text", "bar") else "--:")
    yield _row(heads)
    yield _row(rules)
    for number in range(len(table.rows)):
        row = [texts[number] for texts in columns]
        last = table.total and number == len(table.rows) - 1
        yield _row([f"**{text}**" if last and text else text for text in row])
    if table.note:
        yield from ("", _plain(table.note))


def _row(cells_: list[str]) -> str:
    return f"| {' | '.join(cells_)} |"


def _plain(text: str) -> str:
    return text.translate(_SPECIAL)
