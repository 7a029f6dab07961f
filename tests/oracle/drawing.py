"""The highest draw at a meter that has a price: every height that the largest job may bring it to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from tests.oracle.blocks import Option
from tests.oracle.setting import Fleet


@dataclass(frozen=True)
class Peak:
    """What the highest draw of a period costs."""

    room: dict[str, float] = field(default_factory=dict)
    """Site -> kW that are paid for anyway."""
    price: dict[str, float] = field(default_factory=dict)
    """Site -> of a kW more."""
    fixed: float = 0.0


def peaks(setting: Any, t: int, fleet: Fleet, options: list[Option]) -> Iterator[tuple[list[Option], Peak]]:
    """Jobs that a height of the highest draw leaves, and what that costs; the mean may be above it at a price."""
    price = {}
    for site in setting.s.sites:
        charge = site.demand_charge.at(setting.cal[t]) if site.demand_charge is not None else None
        if charge is not None:
            price[site.id] = setting.money(charge) * setting.cal[t].hours
    heights: list[list[float]] = []
    for site in price:
        large = {
            draw(setting, t, option) for option in options if setting.places[option.k][1] == site and option.several
        }
        heights.append(sorted({0.0, *large}))
    for chosen in product(*heights):
        height = dict(zip(price, chosen, strict=True))
        some = [
            option
            for option in options
            if not option.several or draw(setting, t, option) <= height.get(setting.places[option.k][1], 1e9) + 1e-9
        ]
        room = {site: max(height[site], anyway(setting, t, fleet, site)) for site in price}
        yield some, Peak(room, price, sum(price[site] * room[site] for site in price))


def draw(setting: Any, t: int, option: Option) -> float:
    """kW at the meter of a job, all of it at once."""
    cells = [(setting.places[k], z) for k, z in option.cells]
    kw = sum(z * (setting.kinds[place[0]].kw + setting.shared(place)) for place, z in cells)
    return float(kw * setting.pue(cells[0][0][1:], t, worst=True))


def anyway(setting: Any, t: int, fleet: Fleet, site: str) -> float:
    """kW at a meter of runs and of what stands there: their mean, or all runs at once if that is more."""
    on, off, beside = setting.meter_draws(site, t)
    mean = sum(
        b * (x - y) + n * y
        for x, y, b, n in zip(on, off, (setting.busy[p, t] for p in setting.places), fleet, strict=True)
    )
    mean += sum(beside[k] * kw for k, kw in setting.runs_farther(t))
    whole = 0.0
    for _, place, parts, z in setting.clusters:
        if place[1] == site and parts[t] > 0:
            whole += z * on[setting.places.index(place)]
    return float(max(mean, whole))
