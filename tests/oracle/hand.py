"""The tiny catalog by hand, so that the brute force can be tried without any catalog code."""

from datetime import date

from planner.plan.verify.world import Cancellation, Parameters, SystemFacts, Wiring
from planner.scenario.model import Hall, PendingOrder, Scenario, Site, Workload
from planner.scenario.network import NetworkOffer
from planner.scenario.periods import Period, label_start
from planner.units import Money
from tests.oracle.facts import Facts, Kind
from tests.oracle.tiny import BLUE, GREEN, RED

QUARTER = 2191.5
KINDS = {
    RED: Kind("tiny-red", "redware", 4, 4.0, 0.5, "air", 20000.0, QUARTER, family="Red", vendor="a", reach=64),
    BLUE: Kind(
        "tiny-blue",
        "blueware",
        8,
        6.0,
        2.0,
        "liquid",
        26000.0,
        QUARTER,
        server=False,
        family="Blue",
        vendor="b",
        reach=64,
    ),
    GREEN: Kind(
        "tiny-green", "greenware", 4, 3.0, 0.5, "liquid", 12000.0, QUARTER, family="Green", vendor="a", reach=4
    ),
}
FIGURES = {
    "grid-expansion-cost": 400.0,
    "retrofit-cost": 200.0,
    "lead-time-grid-expansion": QUARTER,
    "lead-time-hall-expansion": QUARTER,
    "lead-time-liquid-retrofit": QUARTER,
    "facility-life": 10 * 8766.0,
    "lead-time-rent": 0.0,
    "relocation-time": QUARTER,
    "installation-time": 720.0,
    "lead-time-network": QUARTER,
    "network-life": 2 * 8766.0,
    "hardware-maintenance": 0.06,
    "attrition": 0.2,
    "relocation-cost-within": 0.02,
    "relocation-cost-between": 0.05,
    "idle-power": 0.25,
    "network-power": 0.05,
    "storage-power": 0.02,
}
RATES = {"tiny-red": 1000.0, "tiny-blue": 1100.0, "tiny-green": 700.0}
CURVE = (0.8, 0.5, 0.3, 0.1)


def rate(workload: Workload, system: str, accelerators: int) -> float:
    """Falls a little with size."""
    return RATES[KINDS[system].accelerator] * accelerators * 0.98 ** (accelerators / 4)


def rate_over(workload: Workload, system: str, accelerators: int, ratio: float, pod: int) -> float:
    """Half of what goes beyond the pod is lost to a ratio of two."""
    lost = 0.2 * (1 - 1 / ratio) if accelerators > pod else 0.0
    return rate(workload, system, accelerators) * (1 - lost)


def worth(age: float) -> float:
    """Residual share at an age."""
    year = min(int(age), len(CURVE) - 1)
    after = min(year + 1, len(CURVE) - 1)
    return CURVE[year] + (CURVE[after] - CURVE[year]) * (age - int(age) if after > year else 0.0)


def facts(scenario: Scenario) -> Facts:
    """Facts of the scenario by hand: blue may not be imported from April 2026."""
    spring = date(2026, 4, 1)
    free = "no-blue-imports" in scenario.policy.without

    def allowed(action: str, accelerator: str, site: str | None, t: int) -> bool:
        stopped = accelerator == "tiny-blue" and action == "import" and not free
        return not (stopped and scenario.calendar[t].start >= spring)

    def cancelled(order: PendingOrder) -> float | None:
        return 0.5 if order.system == BLUE and label_start(order.due) >= spring and not free else None

    return Facts(
        kinds=KINDS,
        rate=rate,
        rate_over=rate_over,
        tariff={s.id: 0.5 for s in scenario.sites},
        pue={
            (s.id, h.id): h.pue or {"air": 1.25, "liquid": 1.1}[h.cooling] for s in scenario.sites for h in s.all_halls
        },
        port_hours=QUARTER,
        port_cost=4000.0,
        network=300.0,
        load=0.8,
        upkeep=0.06,
        residual=worth,
        allowed=allowed,
        cancelled=cancelled,
        figures=FIGURES,
        may_rent=lambda accelerator, place, t: not (accelerator == "tiny-blue" and t > 1),
        carbon={s.id: 0.5 for s in scenario.sites},
        building={s.id: 1000.0 for s in scenario.sites},
    )


class FactsWorld:
    """The same facts as the product's check asks for them."""

    def __init__(self, scenario: Scenario, given: Facts) -> None:
        self.currency, self.orders, self.given = scenario.currency, scenario.orders, given
        self.obligations = ()
        self.parameters = Parameters(
            given.life,
            given.port_hours,
            self._money(given.port_cost),
            self._money(given.network),
            given.load,
            given.upkeep,
            CURVE,
        )

    def _money(self, amount: float) -> Money:
        return Money(amount, self.currency)

    def knows(self, system: str) -> bool:
        return system in self.given.kinds

    def system(self, system: str) -> SystemFacts:
        k = self.given.kinds[system]
        return SystemFacts(
            system, k.accelerator, k.family, k.platform, k.g, k.server, k.kw, k.racks, k.cooling,
            self._money(k.price), k.lead, k.released, k.reach, vendor=k.vendor,
        )  # fmt: skip

    def rate(self, workload: Workload, system: str, accelerators: int) -> float:
        return self.given.rate(workload, system, accelerators)

    def rate_over(self, workload: Workload, system: str, accelerators: int, oversubscription: float, pod: int) -> float:
        return self.given.rate_over(workload, system, accelerators, oversubscription, pod)

    def wiring(self, offer: NetworkOffer) -> Wiring:
        assert offer.reach and offer.cost and offer.power is not None
        needs = offer.components or {}
        return Wiring(offer.reach, offer.cost, offer.power, offer.oversubscription or 1.0, components=needs)

    def quoted(self, name: str) -> Money | float:
        raise AssertionError("no scenario of the brute force names parameters")

    def buyer_country(self) -> str:
        return "XA"

    def usual_terms(self, system: str) -> None:
        return None

    def tariff(self, site: Site) -> Money:
        return self._money(self.given.tariff[site.id])

    def carbon(self, site: Site) -> float:
        return self.given.carbon[site.id]

    def flops_per_token(self, workload: Workload) -> float:
        return 6e9

    def pue(self, site: Site, hall: Hall) -> float:
        return self.given.pue[site.id, hall.id]

    def parameter(self, name: str) -> float | Money:
        figure = self.given.figures[name]
        return self._money(figure) if name.endswith("-cost") else figure

    def country(self, site: Site) -> str:
        return "XA"

    def building_cost(self, site: Site) -> Money:
        return self._money(self.given.building[site.id])

    def national_supply(self, accelerator: str, period: Period) -> float | None:
        return None

    exempts = False

    def refusal(
        self, action: str, accelerator: str, site: str | None, period: int, acquired: date | None = None
    ) -> str | None:
        if action == "rent":
            return None if self.given.may_rent(accelerator, site or "", period) else "no"
        return None if self.given.allowed(action, accelerator, site, period) else "no"

    def attrition(self, accelerator: str, site: str, period: int) -> float | None:
        return None

    def licence_delay(self, accelerator: str, period: int) -> float:
        return self.given.delay(accelerator, period)

    def duty(self, accelerator: str, period: int) -> float:
        return self.given.duty(accelerator, period)

    def cancelled(self, accelerator: str, placed: date, due: date) -> Cancellation | None:
        order = next(o for o in self.orders if self.given.kinds[o.system].accelerator == accelerator)
        refund = self.given.cancelled(order)
        return None if refund is None else Cancellation("stop", refund)
