"""What the solver has reached so far, for a person at a terminal; silent everywhere else."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from planner.cli.console import stderr

if TYPE_CHECKING:
    from rich.live import Live

_REDRAW_S = 0.1


class MovingLine:
    """Context manager: one line on stderr that is drawn over and over, if there is a terminal to draw it on."""

    def __init__(self, enabled: bool | None = None) -> None:
        self._enabled = sys.stderr.isatty() if enabled is None else enabled
        self._live: Live | None = None
        self._line = ""

    def __enter__(self) -> Self:
        if self._enabled:
            from rich.live import Live

            self._live = Live(console=stderr(), auto_refresh=False, transient=True, redirect_stdout=False)
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live is not None:
            self._settle()
            self._live.stop()
            self._live = None

    def _draw(self) -> None:
        if self._live is not None:
            from rich.text import Text

            self._live.update(Text(self._line, no_wrap=True, overflow="ellipsis"), refresh=True)

    def _settle(self) -> None:
        """Leave the line behind, as it last was."""
        if self._live is not None and self._line:
            self._live.console.print(self._line, soft_wrap=True)
        self._line = ""


class Progress(MovingLine):
    """One moving line while a stage is solved, one settled line with its time when it is done.

    Nothing is written when stderr is not a terminal. `update` is cheap enough to be called from a solver's callback.
    """

    def __init__(self, enabled: bool | None = None) -> None:
        super().__init__(enabled)
        self._stage: str | None = None
        self._drawn_at = 0.0

    def update(
        self, stage: str, incumbent: float | None, bound: float | None, gap: float | None, elapsed_s: float
    ) -> None:
        """Show the best value found and the proved bound (objective's unit), their gap (0.01 is 1 %) and seconds."""
        if self._live is None:
            return
        new = stage != self._stage
        if new:
            self._settle()
        self._stage, self._line = stage, progress_line(stage, incumbent, bound, gap, elapsed_s)
        if new or not 0 <= elapsed_s - self._drawn_at < _REDRAW_S:
            self._draw()
            self._drawn_at = elapsed_s


def progress_line(stage: str, incumbent: float | None, bound: float | None, gap: float | None, elapsed_s: float) -> str:
    """One line of progress; what is not known yet is left out, and a stage that has no numbers stands alone."""
    if incumbent is None and bound is None and elapsed_s == 0.0:
        return stage
    parts = [
        f"found {short_number(incumbent)}" if incumbent is not None else "nothing found yet",
        f"bound {short_number(bound)}" if bound is not None else "",
        f"gap {100 * gap:.2f} %" if gap is not None else "",
        f"{elapsed_s:.1f} s",
    ]
    return f"{stage}: {', '.join(filter(None, parts))}"


def short_number(value: float) -> str:
    """Four digits and a word, of steady width: 5.510 bn, 43.00 m; small numbers as they are."""
    if abs(value) >= 1e15:
        return f"{value:.3e}"
    for size, word in ((1e12, " tn"), (1e9, " bn"), (1e6, " m")):
        if abs(value) >= size:
            return f"{value / size:#.4g}".rstrip(".") + word
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:.4g}"
