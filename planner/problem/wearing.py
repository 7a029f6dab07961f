"""Where systems fail beyond repair, and where spares may replace them."""

from collections.abc import Iterable

from planner.catalog.resolve import ResolvedSystem
from planner.costs.attrition import losses
from planner.problem.case import Case
from planner.problem.places import sorted_halls
from planner.problem.wear import Wear


def wear(case: Case, systems: list[ResolvedSystem], cells: Iterable[tuple[int, ...]], storable: set[int]) -> Wear:
    """Attrition in all (i, h) in which systems can stand; `storable` are systems that can ever be in store."""
    found = losses(case.scenario, case.catalog, case.permissions, dict(case.systems), case.ledger)
    if not found:
        return Wear()
    sites = [site.id for site, _ in sorted_halls(case.scenario)]
    loss: dict[tuple[int, ...], float] = {}
    spares: set[tuple[int, ...]] = set()
    for i, h in sorted(cells):
        for t, share in enumerate(found[systems[i].id, sites[h]]):
            if share > 0.0:
                loss[i, h, t] = share
            served = case.permissions.allowed("service", systems[i].accelerator_id, sites[h], t)
            if t > 0 and i in storable and served:
                spares.add((i, h, t))
    worn = {key[:2] for key in loss}
    return Wear(loss, frozenset(slot for slot in spares if slot[:2] in worn))
