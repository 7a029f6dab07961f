"""What the commands share in talking: data on stdout, everything else on stderr, colour only where a person looks.

rich is imported only when something is painted; NO_COLOR, FORCE_COLOR, TERM and COLUMNS are honoured by it.
"""

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from planner.errors import Diagnostic, render

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA_VERSION = 1
"""Version of the JSON that commands print, named in every document."""


def stdout() -> "Console":
    """Console for data. Piped, it has no colour and is 80 columns wide, or as wide as COLUMNS says."""
    return _console(sys.stdout)


def stderr() -> "Console":
    """Console for talk."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> "Console":
    from rich.console import Console

    return Console(file=stream, markup=False, highlight=False, emoji=False)


def emit_json(document: dict[str, Any]) -> None:
    """Print one JSON document on stdout: keys in the order given, `schema_version` first, text unescaped, no NaN."""
    whole = {"schema_version": SCHEMA_VERSION, **document}
    sys.stdout.write(json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def emit_text(text: str) -> None:
    """Print data as it stands on stdout, ended by one newline."""
    sys.stdout.write(text.rstrip("\n") + "\n")


def say(message: str) -> None:
    """One line for the person who waits, on stderr."""
    sys.stderr.write(message + "\n")


def tell(diagnostics: Iterable[Diagnostic]) -> None:
    """Show faults and warnings on stderr, each with its place and the line it points to, and count them if several."""
    found = list(diagnostics)
    for diagnostic in found:
        _show(render(diagnostic))
    if len(found) > 1:
        say(_count(found))


def diagnostic_record(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as JSON; file, line and column are null when it has no place."""
    place = diagnostic.place
    return {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def tolerate_narrow_encodings() -> None:
    """Let a terminal that cannot show a character show its escape rather than end the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")


def _show(text: str) -> None:
    if not sys.stderr.isatty():
        say(text)
        return
    from rich.text import Text

    painted = Text(text)
    painted.highlight_regex(r"error\[[\w-]+\]", "bold red")
    painted.highlight_regex(r"warning\[[\w-]+\]", "bold yellow")
    painted.highlight_regex(r"(?m)^  help:", "bold cyan")
    painted.highlight_regex(r"(?m)^ +\| +\^", "red")
    stderr().print(painted, soft_wrap=True)


def _count(diagnostics: list[Diagnostic]) -> str:
    errors = sum(d.severity == "error" for d in diagnostics)
    counted = [(errors, "error"), (len(diagnostics) - errors, "warning")]
    return ", ".join(f"{n} {word}{'s' if n > 1 else ''}" for n, word in counted if n)
