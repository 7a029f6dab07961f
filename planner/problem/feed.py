"""The most power that a hall can ever have: what stands, and every option that can be ready."""

from dataclasses import dataclass
from functools import cached_property
from math import floor

from planner.problem.rows.halls import HallRow, OptionRow, SiteRow
from planner.problem.rows.systems import RentRow


@dataclass(frozen=True)
class Feed:
    """Halls and sites with the options to enlarge them."""

    sites: tuple[SiteRow, ...]
    halls: tuple[HallRow, ...]
    options: tuple[OptionRow, ...]
    rents: tuple[RentRow, ...] = ()

    def it_kw(self, h: int, t: int) -> float:
        """Most IT power of a hall in a period, kW."""
        return self.halls[h].it_kw[t] + sum(o.it_kw * o.times for o in self._ready[t] if o.hall == h)

    def grid_kw(self, s: int, t: int) -> float:
        """Most grid power of a site in a period, kW."""
        site = self.sites[s]
        return site.grid_kw[t] + site.uncut[t] * sum(o.grid_kw * o.times for o in self._ready[t] if o.site == s)

    def racks(self, h: int, t: int) -> float:
        """Most rack positions of a hall in a period."""
        return self.halls[h].racks + sum(o.racks * o.times for o in self._ready[t] if o.hall == h)

    def systems(self, power_kw: float, h: int, t: int) -> int:
        """Most whole systems of a kind fed at once by a hall and its site's grid contract, or offered for rent."""
        if h in self._offered:
            return floor(self._offered[h].capacity[t])
        return floor(self.kw(h, t) / power_kw + 1e-9)

    def kw(self, h: int, t: int) -> float:
        """Most IT power of a hall of the buyer's that it and its site's grid contract feed."""
        if (h, t) not in self._most:
            hall = self.halls[h]
            self._most[h, t] = min(self.it_kw(h, t), self.grid_kw(hall.site, t) / hall.peak_pue[t])
        return self._most[h, t]

    def bought(self, h: int, t: int) -> bool:
        """Whether the power of a hall in a period depends on what is decided."""
        site = self.halls[h].site
        gains = any(o.hall == h or (o.site == site and o.grid_kw > 0) for o in self._ready[t])
        return gains or any(o.closes == h for o in self.options)

    @cached_property
    def _ready(self) -> list[list[OptionRow]]:
        """Options that can be ready, by period."""
        periods = range(len(self.halls[0].it_kw))
        return [[o for o in self.options if any(ready <= t for ready in o.ready.values())] for t in periods]

    @cached_property
    def _offered(self) -> dict[int, RentRow]:
        return {offer.hall: offer for offer in self.rents}

    @cached_property
    def _most(self) -> dict[tuple[int, int], float]:
        """Most kW by hall and period, as far as asked for."""
        return {}
