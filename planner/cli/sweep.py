"""How far a sweep is, for a person at a terminal; silent everywhere else."""

import time
from typing import TYPE_CHECKING

from planner.cli.progress import MovingLine, short_number

if TYPE_CHECKING:
    from planner.analysis.runner import Tally

_REDRAW_S = 0.2


class SweepProgress(MovingLine):
    """One moving line while runs are made, one settled line at the end."""

    _drawn_at = 0.0

    def update(self, tally: "Tally") -> None:
        """Show where the sweep is."""
        self._line = line(tally)
        if time.monotonic() - self._drawn_at > _REDRAW_S:
            self._draw()
            self._drawn_at = time.monotonic()


def line(tally: "Tally") -> str:
    """One line: `12 of 40 done, 11 feasible, 1 failed; 2 min left; best 8.71 bn (a), worst 9.38 bn (b)`."""
    counts = f"{tally.done:,} of {tally.total:,} done, {tally.feasible:,} feasible, {tally.failed:,} failed"
    parts = [counts + (f", {tally.reused:,} known" if tally.reused else "")]
    if tally.left_s is not None and tally.done < tally.total:
        parts.append(f"{_duration(tally.left_s)} left")
    if tally.best is not None and tally.worst is not None:
        (low, cheap), (high, dear) = tally.best, tally.worst
        parts.append(f"best {short_number(low)} ({cheap}), worst {short_number(high)} ({dear})")
    return "; ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
