"""Faults that people can act on: where in the YAML, what was wrong, what would be right.

Every error the program raises on purpose is a `PlannerError`; its class decides the exit code of the command line.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NamedTuple, Self
from unicodedata import east_asian_width

_WIDTH = 160
"""Longest piece of a source line that is shown."""

type Severity = Literal["error", "warning"]


class Place(NamedTuple):
    """A position in a text file; line and column count from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault or warning. `code` is stable (kebab-case), `hint` says what would be right."""

    code: str
    message: str
    hint: str | None = None
    place: Place | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.severity}[{self.code}]: {self.message}"

    @property
    def order(self) -> tuple[bool, Place, str, str]:
        """Sort key: by place, faults without a place last."""
        return (self.place is None, self.place or Place("", 0, 0), self.code, self.message)


class PlannerError(Exception):
    """Base of all errors raised on purpose; carries diagnostics sorted by place. Exit code 5."""

    exit_code = 5
    default_code = "internal"

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic] | str) -> None:
        if isinstance(diagnostics, str):
            diagnostics = Diagnostic(self.default_code, diagnostics)
        if isinstance(diagnostics, Diagnostic):
            diagnostics = (diagnostics,)
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: d.order))
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(map(render, self.diagnostics))

    @classmethod
    def of(cls, code: str, message: str, hint: str | None = None, place: Place | None = None) -> Self:
        """The error with a single diagnostic."""
        return cls(Diagnostic(code, message, hint, place))

    def placed(self, place: Place | None) -> Self:
        """The same error, at a place where it has none of its own."""
        return type(self)(d if d.place is not None else replace(d, place=place) for d in self.diagnostics)


class InputError(PlannerError, ValueError):
    """The user's input is wrong. Exit code 1. Raised inside a pydantic validator, `parse` gives it its place."""

    exit_code = 1
    default_code = "input"


class InfeasibleError(PlannerError):
    """No plan satisfies the constraints. Exit code 3."""

    exit_code = 3
    default_code = "infeasible"


class NoPlanError(PlannerError):
    """Stopped (time limit, interrupt) before any plan was found. Exit code 4."""

    exit_code = 4
    default_code = "no-plan"


class InternalError(PlannerError):
    """A fault of the program itself. Exit code 5."""


class Collector:
    """Gathers diagnostics so that all faults of an input are reported at once."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def add(
        self,
        code: str | Diagnostic,
        message: str = "",
        hint: str | None = None,
        place: Place | None = None,
        severity: Severity = "error",
    ) -> None:
        """Record one diagnostic, given whole or by its parts."""
        self._found.append(code if isinstance(code, Diagnostic) else Diagnostic(code, message, hint, place, severity))

    def extend(self, diagnostics: Iterable[Diagnostic] | PlannerError) -> None:
        """Record several diagnostics, or all of a caught error."""
        self._found.extend(diagnostics.diagnostics if isinstance(diagnostics, PlannerError) else diagnostics)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All recorded, sorted by place."""
        return tuple(sorted(self._found, key=lambda d: d.order))

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Only those of severity warning."""
        return tuple(d for d in self.diagnostics if d.severity == "warning")

    def raise_if_any(self) -> None:
        """Raise InputError with everything recorded if at least one is an error; warnings alone do not raise."""
        if any(d.severity == "error" for d in self._found):
            raise InputError(self._found)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name` (case aside), or None when nothing is close."""
    folded = {candidate.casefold(): candidate for candidate in sorted(known, reverse=True)}
    swapped = [known for known in folded if sorted(known) == sorted(name.casefold())]
    close = swapped or get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def render(diagnostic: Diagnostic) -> str:
    """The diagnostic as plain text: headline, source line with a caret when it can be read, help."""
    lines = [str(diagnostic)]
    source = _source_line(diagnostic.place) if diagnostic.place else None
    if diagnostic.place and source is not None:
        number = str(diagnostic.place.line)
        shown, before = _window(source, diagnostic.place.column - 1)
        lines += [f"  {number} | {shown}", f"  {' ' * len(number)} | {before}^"]
    if diagnostic.hint:
        lines.append(f"  help: {diagnostic.hint}")
    return "\n".join(lines)


def _window(source: str, column: int) -> tuple[str, str]:
    """The part of a long line around `column`, made printable, and the blanks that lead to the column."""
    start = max(column - _WIDTH // 2, 0) if len(source) > _WIDTH else 0
    shown = "".join(c if c.isprintable() or c == "\t" else "?" for c in source[start : start + _WIDTH])
    blanks = ("\t" if c == "\t" else "  " if east_asian_width(c) in "WF" else " " for c in shown[: column - start])
    return shown, "".join(blanks)


def _source_line(place: Place) -> str | None:
    """The text of the line at `place`, or None when the file or line is not there (a merged or in-memory document)."""
    try:
        lines = Path(place.file).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError, ValueError):
        return None
    if not 1 <= place.line <= len(lines):
        return None
    return lines[place.line - 1].rstrip() or None
