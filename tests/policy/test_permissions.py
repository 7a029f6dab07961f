"""The table a plan uses: periods, sites, unknown answers, cancelled orders, obligations."""

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from planner.policy.permissions import permissions
from planner.policy.regime import Licence
from planner.scenario.periods import calendar
from tests.policy.worlds import rule, world


@dataclass
class Settings:
    """How rules are applied, as a scenario states it."""

    assume_unknown: Any = "deny"
    without: tuple[str, ...] = ()
    activate: tuple[str, ...] = ()
    licences: dict[str, Any] = field(default_factory=dict)


@dataclass
class Asked:
    """As much of a scenario as policy needs."""

    buyer: Any = "cn-internet"
    knowledge_date: date = date(2025, 10, 31)
    sites: tuple[Any, ...] = ()
    policy: Settings = field(default_factory=Settings)
    periods: Any = calendar("2025-Q4", "2026-Q4", "quarter").periods


def site(name: str, **facts: Any) -> SimpleNamespace:
    """A site with these facts."""
    return SimpleNamespace(id=name, facts=facts)


H20, RTX, C910, H200 = "nvidia-h20-96gb", "nvidia-rtx-6000d", "huawei-ascend-910c", "nvidia-h200-sxm"


def test_the_plan_of_october_2025(catalog):
    """Domestic chips are open in every period; H20 and RTX Pro 6000D are closed, the regulator's rules first."""
    table = permissions(catalog, Asked())
    for period in range(5):
        assert table.allowed("order", C910, None, period)
        assert not table.allowed("order", H20, None, period)
        assert not table.allowed("order", RTX, None, period)
    assert table.why("order", H20, None, 0)[0].rule_id == "cn-2025-09-cac-h20"
    assert table.why("order", RTX, None, 0)[0].rule_id == "cn-2025-09-rtx6000d"


def test_pending_orders_of_both_are_cancelled(catalog):
    table = permissions(catalog, Asked())
    for chip, rule_id in ((H20, "cn-2025-09-cac-h20"), (RTX, "cn-2025-09-rtx6000d")):
        hit = table.cancelled(chip, date(2025, 7, 1), date(2025, 12, 1))
        assert hit is not None
        assert (hit.rule_id, hit.outcome, hit.refund_share) == (rule_id, "cancels", None)
    assert table.cancelled(H20, date(2025, 7, 1), date(2025, 9, 17)) is None, "delivered on the day"
    assert table.cancelled(C910, date(2025, 7, 1), date(2025, 12, 1)) is None


def test_a_plan_made_earlier_does_not_foresee_the_cancellation(catalog):
    early = permissions(catalog, Asked(knowledge_date=date(2025, 9, 16)))
    assert early.cancelled(RTX, date(2025, 7, 1), date(2025, 12, 1)) is None
    assert early.allowed("order", RTX, None, 0)


def test_the_lane_of_2026_is_not_foreseen_in_2025(catalog):
    """Announced on 2025-12-08: unknown to a plan of October; to one of 2026 it depends on the licences."""
    assert permissions(catalog, Asked()).why("order", H200, None, 2)[0].outcome == "denies"
    late = Asked(knowledge_date=date(2026, 4, 1))
    assert permissions(catalog, late).why("order", H200, None, 2)[0].outcome == "unknown"


def test_a_period_is_open_only_if_every_day_is(tmp_path):
    """A ban that starts or ends inside a quarter closes the quarter; one that starts on its end does not."""
    ban = rule("ban", "[{type: new_order_prohibited}]", effective_from="2025-11-10", effective_to="2026-04-20")
    table = permissions(world(tmp_path, ban), Asked(buyer="bb-buyer", knowledge_date=date(2026, 6, 1)))
    assert [table.allowed("order", "acme-one", None, t) for t in range(5)] == [False, False, False, True, True]
    later = rule("ban", "[{type: new_order_prohibited}]", effective_from="2026-01-01")
    table = permissions(world(tmp_path, later), Asked(buyer="bb-buyer", knowledge_date=date(2026, 6, 1)))
    assert [table.allowed("order", "acme-one", None, t) for t in range(2)] == [True, False]


@pytest.mark.parametrize("assume", ["allow", "deny"])
def test_unknown_is_settled_as_the_scenario_says_and_marked(tmp_path, assume):
    catalog = world(tmp_path, rule("r", "[{type: licence_required, review: case_by_case}]"))
    table = permissions(catalog, Asked(buyer="bb-buyer", policy=Settings(assume_unknown=assume)))
    assert table.allowed("order", "acme-one", None, 0) is (assume == "allow")
    assert table.assumed("order", "acme-one", None, 0)
    assert table.why("order", "acme-one", None, 0)[0].settled_by == "assume_unknown"


def test_a_licence_the_scenario_settles_brings_its_delay(tmp_path):
    catalog = world(tmp_path, rule("r", "[{type: licence_required, review: denial}]"))
    settled = Settings(licences={"r": Licence(granted=True, delay=2160.0)})
    table = permissions(catalog, Asked(buyer="bb-buyer", policy=settled))
    assert table.allowed("order", "acme-one", None, 0)
    assert table.delay_h("order", "acme-one", 0) == 2160.0
    assert table.why("order", "acme-one", None, 0)[0].settled_by == "licences"


def test_a_chance_alone_settles_nothing(tmp_path):
    catalog = world(tmp_path, rule("r", "[{type: licence_required, review: denial}]"))
    believed = Settings(licences={"r": Licence(probability=0.4)})
    table = permissions(catalog, Asked(buyer="bb-buyer", policy=believed))
    assert not table.allowed("order", "acme-one", None, 0)
    assert table.why("order", "acme-one", None, 0)[0].probability == 0.4


def test_sites_differ(catalog):
    """A state-funded site early in its construction takes no foreign chips; the buyer's other site may."""
    sites = (site("new", state_funded=True, completion_fraction=0.1), site("old", state_funded=False))
    table = permissions(catalog, Asked(knowledge_date=date(2026, 1, 1), sites=sites))
    assert not table.allowed("operate", H20, "new", 1)
    assert table.allowed("operate", H20, "old", 1)
    removal = [o for o in table.obligations if o.kind == "removal_required"]
    assert {o.site_id for o in removal} == {"new"}
    assert all(H20 in o.accelerators and C910 not in o.accelerators for o in removal)


def test_obligations_of_the_h200_lane(catalog):
    """Tariff, caps and the bundle come out typed, with what they cover; nothing is asked of domestic chips."""
    late = Asked(knowledge_date=date(2026, 11, 1), policy=Settings(assume_unknown="allow"))
    table = permissions(catalog, late, accelerators=[H200, C910])
    found = {(o.rule_id, o.kind): o for o in table.obligations if o.period_index == 3}
    tariff = found["us-2026-01-s232-tariff", "tariff"]
    assert (tariff.effect.rate, tariff.accelerators, tariff.site_id) == (0.25, frozenset({H200}), None)
    cap = found["us-2026-h200-per-customer-cap", "quantity_cap"]
    assert (cap.effect.units, cap.effect.joint, cap.certain, cap.uncertain) == (75000, True, False, frozenset({H200}))
    assert ("cn-2026-01-h200-conditional", "bundled_purchase") in found
    assert table.surcharge(H200, 3) == 0.25
    assert table.surcharge(H200, 0) == 0.0
    assert table.surcharge(C910) == 0.0


def test_obligations_of_sites_and_public_buyers(catalog):
    """The subsidy and the domestic share: which sites, which accelerators count as domestic."""
    sites = (
        site("gansu", province="Gansu", country="CN", **{"class": "large"}),
        site("hebei", province="Hebei", country="CN"),
    )
    asked = Asked(buyer="cn-state-funded", knowledge_date=date(2026, 1, 1), sites=sites)
    table = permissions(catalog, asked, accelerators=[H200, C910])
    subsidy = [o for o in table.obligations if o.kind == "subsidy"]
    assert {(o.site_id, o.certain) for o in subsidy} == {("gansu", True)}
    assert {o.period_index for o in subsidy} == {1, 2, 3, 4}, "in force from 2025-11-03, so not throughout 2025-Q4"
    share = next(o for o in table.obligations if o.rule_id == "cn-2025-public-share")
    assert (share.effect.share, share.effect.strict, share.effect.basis) == (0.5, True, None)
    assert (share.accelerators, share.domestic) == (frozenset({H200, C910}), frozenset({C910}))


def test_counterfactuals_of_a_scenario(catalog):
    """`without` adds to what the scenario leaves out."""
    assert permissions(catalog, Asked(), without=["CN"]).allowed("order", RTX, None, 0)
    assert permissions(catalog, Asked(), without=["CN", "US"]).allowed("order", H20, None, 0)
    assert permissions(catalog, Asked(policy=Settings(without=("CN",))), without=["US"]).allowed("order", H20, None, 0)
    assert permissions(catalog, Asked(), without=["CN"]).cancelled(H20, date(2025, 7, 1), date(2025, 12, 1)) is None


def test_removing_rules_never_closes_anything(catalog):
    """Fewer rules, more permissions, for what no lane opens: for every chip, action and period."""
    full = permissions(catalog, Asked())
    less = permissions(catalog, Asked(), without=["CN", "US"])
    for chip in catalog.accelerators:
        for action in ("order", "import", "test", "install", "operate", "service", "rent"):
            assert less.allowed(action, chip, None, 0) >= full.allowed(action, chip, None, 0)


def test_scenario_rules_count(catalog):
    """Rules written in the scenario itself are applied like those of a catalog."""
    own = {
        "id": "own-ban",
        "issuer": "me",
        "jurisdiction": "CN",
        "legal_form": "a thought",
        "status": "in_force",
        "announced": "2025-01-01",
        "effective_from": "2026-01-01",
        "date_precision": "day",
        "scope": {"field": "chip.vendor", "op": "==", "value": "Huawei"},
        "effects": [{"type": "new_order_prohibited"}],
        "summary": "What if.",
        "confidence": "low",
        "sources": ["me"],
    }
    settings = Settings()
    settings.rules = (own,)  # type: ignore[attr-defined]
    table = permissions(catalog, Asked(policy=settings))
    assert [table.allowed("order", C910, None, t) for t in (0, 1)] == [True, False]
