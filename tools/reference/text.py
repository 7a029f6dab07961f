"""Markdown tables, and the docstrings under the fields of a dataclass."""

import ast
import inspect
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path


def opening(file: str, source: str) -> list[str]:
    """First lines of a page: where it comes from, and its introduction from a file beside this one."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8").rstrip()
    return [f"<!-- Written by `make docs` from {source}; change it there. -->", *text.splitlines()]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table; a bar inside a cell is kept apart from the columns'."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def sentence(text: str) -> str:
    """A meaning on one line."""
    return " ".join(text.split())


def first_line(thing: object) -> str:
    """First line of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n")[0]


def field_texts(kind: type) -> dict[str, str]:
    """Annotated fields of a class and the docstring under each ('' without one), in order."""
    source = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(source, ast.ClassDef)
    found: dict[str, str] = {}
    last = None
    for node in source.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            last = node.target.id
            found[last] = ""
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and last is not None:
            found[last] = sentence(str(node.value.value))
        else:
            last = None
    return found
