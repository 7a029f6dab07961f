"""Sites and halls, the steps that enlarge them, and limits on what they draw; power in kW."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from planner.costs.events import Events


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site; `grid_kw[t]` is its contracted power at the meter, less what is cut."""

    id: str
    grid_kw: tuple[float, ...]
    uncut: tuple[float, ...]
    """Share of power that is not cut, of expansions too."""
    carbon: tuple[float, ...]
    """kg CO2 per kWh."""


@dataclass(frozen=True, slots=True)
class HallRow:
    """A hall; `it_kw[t]` is its IT power and `racks` its rack positions."""

    id: str
    site: int
    cooling: str
    pue: tuple[float, ...]
    """Power usage effectiveness, mean of each period."""
    peak_pue: tuple[float, ...]
    """The highest of each period."""
    it_kw: tuple[float, ...]
    racks: float


@dataclass(frozen=True, slots=True)
class OptionRow:
    """A step of power or space that may be added to a site or hall, at most `times` times.

    `closes` is a hall that is closed for good when the step is decided (it is turned to liquid).
    """

    id: str
    """`site/option`."""
    site: int
    hall: int | None
    closes: int | None
    grid_kw: float
    it_kw: float
    racks: float
    times: int
    ready: Mapping[int, int]
    """Period of the decision -> first period of its use, for every period in which it may be decided."""
    events: Mapping[int, Events]
    """Period of the decision -> cash of one step."""


@dataclass(frozen=True, slots=True)
class CapRow:
    """Most kWh or kg CO2 in some periods."""

    kind: Literal["energy", "carbon"]
    label: str
    periods: frozenset[int]
    limit: float
