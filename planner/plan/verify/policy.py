"""Every action is one that the rules permit to this buyer, there and then."""

from collections.abc import Iterator

from planner.plan.verify.case import Case
from planner.plan.verify.exempt import latest
from planner.plan.verify.records import Fault
from planner.policy.effect import Action
from planner.scenario.periods import label_start


def order_permitted(case: Case) -> Iterator[Fault]:
    """Nothing is ordered in a period in which the rules forbid to order it."""
    for order in case.decisions.orders:
        yield from _refused(case, "order", order.system, None, order.period, order.count)


def import_permitted(case: Case) -> Iterator[Fault]:
    """Nothing is delivered in a period in which the rules forbid to import it."""
    for order in case.decisions.orders:
        if (arrival := case.arrival(order)) is not None:
            yield from _refused(case, "import", order.system, None, arrival, order.count)
    for pending in case.accepted:
        if (due := case.due(pending)) is not None:
            yield from _refused(case, "import", pending.system, None, due, pending.count)


def pending_stands(case: Case) -> Iterator[Fault]:
    """No pending order is taken that a rule has cancelled."""
    for order in case.accepted:
        accelerator = case.system(order.system).accelerator
        hit = case.world.cancelled(accelerator, label_start(order.placed), label_start(order.due))
        if hit is not None:
            yield Fault(order.id, case.due(order), order.count, 0.0, f"order {order.id} is cancelled by {hit.rule}")


def install_permitted(case: Case) -> Iterator[Fault]:
    """Nothing is installed at a site where the rules forbid it."""
    for install in case.decisions.installs:
        if latest(case, "install", install.system, install.site, install.period) is None:
            yield from _refused(case, "install", install.system, install.site, install.period, install.count)


def operate_permitted(case: Case) -> Iterator[Fault]:
    """Nothing is switched on at a site where the rules forbid to operate it."""
    for powered in case.decisions.powered:
        if latest(case, "operate", powered.system, powered.site, powered.period) is None:
            yield from _refused(case, "operate", powered.system, powered.site, powered.period, powered.count)


def _refused(case: Case, action: Action, system: str, site: str | None, period: int, count: float) -> Iterator[Fault]:
    why = case.world.refusal(action, case.system(system).accelerator, site, period) if count else None
    if why is not None:
        at = f" at {site}" if site else ""
        text = f"rules forbid to {action} {system}{at} in {case.label(period)}: {why}"
        yield Fault(site or system, period, count, 0.0, text)
