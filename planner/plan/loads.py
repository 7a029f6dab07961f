"""What a plan's systems draw in their halls: at work, their network and storage, and while they are off."""

from dataclasses import dataclass
from functools import cached_property

from planner.plan.trajectory import Cell, Trajectory, present
from planner.problem.arrays import Problem


@dataclass(frozen=True)
class Drawn:
    """IT power and energy of a plan by cell and period."""

    problem: Problem
    track: Trajectory
    load_factor: float
    """Average draw of a busy system over its planning power."""

    def it_kw(self, cell: Cell, t: int) -> float:
        """IT power that counts against limits, kW."""
        return self._on(cell, t) * self._power(cell) + self._beside(cell, t)

    def it_kwh(self, cell: Cell, t: int) -> float:
        """Energy of IT load in a period."""
        mean = self._on(cell, t) * self._power(cell) * self.load_factor + self._beside(cell, t)
        return mean * self.problem.calendar[t].hours

    def _on(self, cell: Cell, t: int) -> float:
        return self.track.powered[cell][t] if cell in self.track.powered else 0.0

    def _power(self, cell: Cell) -> float:
        return self.problem.systems[self._system[cell.system]].power_kw

    def _beside(self, cell: Cell, t: int) -> float:
        """kW of network and storage of what is on, of farther networks in use, and of what is off."""
        loads, i, h = self.problem.loads, self._system[cell.system], self._hall[f"{cell.site}/{cell.hall}"]
        on, idle = self._on(cell, t), loads.idle.get((i, h, t), 0.0)
        upper = self.track.upper_kw[cell][t] if cell in self.track.upper_kw else 0.0
        return upper + on * loads.shared.get((i, h), 0.0) + (present(self.track, cell, t) - on) * idle

    @cached_property
    def _system(self) -> dict[str, int]:
        return {row.id: i for i, row in enumerate(self.problem.systems)}

    @cached_property
    def _hall(self) -> dict[str, int]:
        return {row.id: h for h, row in enumerate(self.problem.halls)}
