"""The books of what is delivered and of what stands in service, period by period."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from planner.plan.decisions import Install, Move, Order
from planner.plan.verify.given import Given, Line, Place, running
from planner.scenario.model import PendingOrder
from planner.units import Money

GRACE = 5 * 24.0
"""Hours after the start of a later period within which what is installed counts from its start."""


class Standing(Given):
    """What arrives, is in store and in service. The tables assume that the records passed `shape`."""

    # deliveries

    def arrival(self, order: Order) -> int | None:
        """Period at whose start the order is delivered; None behind the horizon."""
        facts = self.system(order.system)
        wait = facts.lead_time + self.world.licence_delay(facts.accelerator, order.period)
        return self.calendar.after(order.period, wait)

    def due(self, order: PendingOrder) -> int | None:
        """Period in which a pending order is delivered; None outside the horizon."""
        try:
            return self.calendar.index_of(order.due)
        except ValueError:
            return None

    @cached_property
    def ordered_arrivals(self) -> dict[str, Line]:
        """Systems delivered from the plan's own orders, by system and period."""
        table: dict[str, Line] = self._table()
        for order in self.decisions.orders:
            if (arrival := self.arrival(order)) is not None:
                table[order.system][arrival] += order.count
        return table

    @cached_property
    def arrivals(self) -> dict[str, Line]:
        """Systems delivered from own and accepted pending orders."""
        table: dict[str, Line] = self._table()
        for system, line in self.ordered_arrivals.items():
            table[system] = list(line)
        for order in self.accepted:
            if (due := self.due(order)) is not None:
                table[order.system][due] += order.count
        return table

    @cached_property
    def stored(self) -> dict[str, Line]:
        """Systems in store per period: those there at first + deliveries - placements - what rules took so far."""
        table: dict[str, Line] = self._table()
        for entry in self.scenario.stock:
            table[entry.system][0] += entry.count
        for system, line in self.arrivals.items():
            table[system] = [a + b for a, b in zip(table[system], line, strict=True)]
        for (system, _, _), line in (*self.installs.items(), *self.spares.items()):
            table[system] = [a - b for a, b in zip(table[system], line, strict=True)]
        for given in self.decisions.surrenders:
            table[given.system][given.period] -= given.count
        return {system: running(line) for system, line in sorted(table.items())}

    # fleet

    @cached_property
    def installs(self) -> dict[Place, Line]:
        """Systems placed in service per period."""
        return self._placed(self.decisions.installs)

    @cached_property
    def retirements(self) -> dict[Place, Line]:
        """Systems taken out of service per period."""
        return self._placed(self.decisions.retirements)

    @cached_property
    def spares(self) -> dict[Place, Line]:
        """Systems out of store that replace failed ones per period."""
        return self._placed(self.decisions.spares)

    @cached_property
    def powered(self) -> dict[Place, Line]:
        """Systems switched on per period."""
        return self._placed(self.decisions.powered)

    @cached_property
    def base(self) -> dict[Place, int]:
        """Systems in service when the plan starts."""
        table: dict[Place, int] = defaultdict(int)
        for entry in self.scenario.installed:
            table[entry.system, entry.site, entry.hall] += entry.count
        return table

    @cached_property
    def fleet(self) -> dict[Place, Line]:
        """Systems in service per period: base + installs - retirements so far."""
        places = {*self.base, *self.installs, *self.retirements, *self.moved}
        return {place: self._fleet_of(place) for place in sorted(places)}

    def _fleet_of(self, place: Place) -> Line:
        none = [0.0] * len(self.calendar)
        added = running(self.installs.get(place, none))
        removed = running(self.retirements.get(place, none))
        came = running(self.moved.get(place, none))
        return [self.base.get(place, 0) + a - r + c for a, r, c in zip(added, removed, came, strict=True)]

    @cached_property
    def moved(self) -> dict[Place, Line]:
        """Systems that moves bring per period, negative where they leave."""
        table: dict[Place, Line] = self._table()
        for move in self.decisions.moves:
            table[move.system, move.site, move.hall][move.period] -= move.count
            if (arrives := self.move_arrival(move)) is not None:
                table[move.system, move.to_site, move.to_hall][arrives] += move.count
        return table

    def move_arrival(self, move: Move) -> int | None:
        """Period in which a moved system is in service again; None behind the horizon."""
        wait = self.world.parameter("relocation-time")
        return self.calendar.after(move.period, float(wait)) if not isinstance(wait, Money) else None

    @cached_property
    def unfinished(self) -> dict[Place, dict[int, list[tuple[float, float]]]]:
        """Of every place and period the share lost, and the number, of systems that are being installed then."""
        table: dict[Place, dict[int, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
        for install in self.decisions.installs:
            place = (install.system, install.site, install.hall)
            for period, lost in self.share_lost(install):
                table[place][period].append((lost, install.count))
        return table

    def share_lost(self, install: Install) -> Iterator[tuple[int, float]]:
        """Periods of which a part passes until a placement is done, with that share; five days are forgiven later."""
        asked = self.scenario.installation
        if asked is None:
            return
        stated = asked.systems.get(install.system, asked.time)
        takes = self.world.parameter("installation-time") if stated is None else stated
        left = 0.0 if isinstance(takes, Money) else takes
        for period in self.calendar.periods[install.period :]:
            if left <= (GRACE if period.index > install.period else 0.0):
                return
            yield period.index, min(1.0, left / period.hours)
            left -= period.hours
