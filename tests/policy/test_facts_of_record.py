"""What happened: dates on which chips opened and closed, the cancellations of September 2025, domestic sales."""

from datetime import date

import pytest

from planner.policy.questions import Query
from planner.policy.regime import Licence, Regime
from planner.policy.timeline import timeline


def opened_and_closed(catalog, book, chip, action, buyer="cn-internet"):
    """(first day, answer) of each stretch with one answer, whatever the rules behind it."""
    query = Query(chip, buyer, action, date(2025, 1, 1))
    found: list[tuple[date | None, bool | None]] = []
    for span in timeline(catalog, query, [action], Regime.of(book))[action]:
        if not found or found[-1][1] is not span.allowed:
            found.append((span.start, span.allowed))
    return found


@pytest.mark.parametrize("chip", ["nvidia-a800-sxm-80gb", "nvidia-h800-sxm"])
def test_the_slowed_chips_were_open_until_the_rule_of_2023(catalog, book, chip):
    """Built under the interconnect limb of 2022, caught on 2023-11-17."""
    assert opened_and_closed(catalog, book, chip, "order") == [(None, True), (date(2023, 11, 17), False)]


@pytest.mark.parametrize("chip", ["nvidia-h20-96gb", "nvidia-h20-141gb"])
def test_h20_closed_reopened_with_a_licence_and_was_cancelled(catalog, book, chip):
    assert opened_and_closed(catalog, book, chip, "order") == [
        (None, True),
        (date(2025, 4, 9), False),
        (date(2025, 8, 8), None),
        (date(2025, 9, 17), False),
    ]


def test_h200_had_both_gates_half_open_for_four_days(catalog, book):
    """The US lane opened on 2026-01-15, the Chinese block ended on 01-27, approvals stopped coming from 02-01."""
    tail = [
        stretch
        for stretch in opened_and_closed(catalog, book, "nvidia-h200-sxm", "import")
        if stretch[0] and stretch[0].year > 2022
    ]
    assert tail == [(date(2026, 1, 28), None), (date(2026, 2, 1), False)]
    orders = [s for s in opened_and_closed(catalog, book, "nvidia-h200-sxm", "order") if s[0] and s[0].year > 2022]
    assert orders == [(date(2026, 1, 28), None)]


def test_h200_lane_needs_approval_of_both_sides(ask):
    """An approved customer with both licences may order and import in the open days, and not before or after."""
    both = {"us-2026-01-h200-case-by-case": Licence(granted=True), "cn-2026-01-h200-conditional": Licence(granted=True)}
    approved = {"buyer.approved_customer": True}
    chip = "nvidia-h200-sxm"
    assert ask.allowed(chip, "import", "2026-01-29", facts=approved, licences=both) is True
    assert ask.allowed(chip, "import", "2026-01-14", facts=approved, licences=both) is False
    assert ask.allowed(chip, "import", "2026-02-02", facts=approved, licences=both) is False
    assert ask.allowed(chip, "import", "2026-01-29", facts={"buyer.approved_customer": False}, licences=both) is False
    assert ask.ids("relaxed", chip, "order", "2026-01-29", facts=approved) == [
        "us-2023-11-3a090a",
        "us-2025-04-h20-bandwidth",
    ]


@pytest.mark.parametrize("chip", ["nvidia-h20-96gb", "nvidia-h20-141gb", "nvidia-rtx-6000d"])
@pytest.mark.parametrize("day", ["2025-09-17", "2025-10-15", "2026-06-01"])
def test_no_orders_of_h20_and_rtx_pro_6000d_since_september_2025(ask, chip, day):
    assert ask.allowed(chip, "order", day) is False


def test_the_6000d_was_open_until_then_and_its_tests_are_stopped(ask):
    assert ask.allowed("nvidia-rtx-6000d", "order", "2025-09-14") is True
    assert ask.allowed("nvidia-rtx-6000d", "test", "2025-09-14") is True
    assert ask.allowed("nvidia-rtx-6000d", "test", "2025-09-17") is False
    assert ask.allowed("nvidia-h20-96gb", "test", "2025-09-17") is True, "only the 6000D's tests were named"


@pytest.mark.parametrize("chip", ["nvidia-b200-sxm", "nvidia-h100-sxm"])
def test_better_chips_are_closed_by_both_governments(ask, chip):
    assert "us-2023-11-3a090a" in ask.ids("denies", chip, "order", "2025-10-15")
    assert {"us-2023-11-3a090a", "cn-2025-10-customs"} <= set(ask.ids("denies", chip, "import", "2025-10-15"))


def test_a_domestic_sale_is_free_of_the_export_rule(ask):
    """Ascend 910C: TPP over the threshold, yet no border is crossed; the answer says which rules do not reach it."""
    for day in ("2025-10-15", "2026-03-01", "2026-11-22"):
        decision = ask("huawei-ascend-910c", "order", day)
        assert decision.allowed is True
        assert "us-2023-11-3a090a" in [hit.rule_id for hit in decision.rules if hit.outcome == "out_of_reach"]


def test_every_chinese_design_is_free_at_home_in_2026(catalog, ask):
    """Order, import, test, install, operate, service: allowed, not unknown."""
    chips = [c.id for c in catalog.accelerators.values() if c.country_of_design == "CN"]
    assert len(chips) > 20
    for chip in chips:
        for action in ("order", "licence", "import", "test", "install", "operate", "service"):
            assert ask.allowed(chip, action, "2026-06-01") is True, (chip, action)


def test_the_same_chip_abroad_is_not_free(ask):
    """A subsidiary within reach of US enforcement may not run what its parent runs at home."""
    assert ask.allowed("huawei-ascend-910c", "operate", "2025-06-01", "cn-overseas-subsidiary") is False
    assert ask.allowed("huawei-ascend-910c", "operate", "2025-05-12", "cn-overseas-subsidiary") is True
    assert ask.allowed("nvidia-b200-sxm", "order", "2025-10-15", "cn-overseas-subsidiary") is False, "parent counts"


def test_a_us_buyer_is_free_at_home(ask):
    for chip in ("nvidia-b200-sxm", "nvidia-h200-sxm", "amd-mi355x"):
        assert ask.allowed(chip, "order", "2026-06-01", "us-hyperscaler") is True


def test_state_money_and_progress_decide(ask):
    """Foreign chips come out of state-funded sites under 30 percent complete; later ones are open questions."""
    chip, day, buyer = "nvidia-l20", "2025-12-01", "cn-state-funded"
    assert ask.allowed(chip, "order", day, buyer) is False
    assert ask.allowed(chip, "operate", day, buyer, site={"completion_fraction": 0.2}) is False
    assert ask.allowed(chip, "operate", day, buyer, site={"completion_fraction": 0.3}) is None
    assert ask.allowed(chip, "operate", day, buyer) is None, "progress not stated"
    assert ask.allowed(chip, "operate", day, buyer, site={"state_funded": False}) is True
    assert ask.allowed("huawei-ascend-910c", "order", day, buyer) is True


def test_a_rule_for_one_firm_binds_only_it(catalog, ask):
    """Owned is not deployable: foreign chips may not go into that firm's new sites."""
    firm = catalog.buyers["cn-internet"].model_copy(update={"names": ("ByteDance",)})
    new = {"is_new": True}
    assert ask.allowed("nvidia-h20-96gb", "operate", "2026-01-01", firm, site=new) is False
    assert ask.allowed("nvidia-h20-96gb", "operate", "2026-01-01", firm, site={"is_new": False}) is True
    assert ask.allowed("nvidia-h20-96gb", "operate", "2026-01-01", site=new) is True


@pytest.mark.parametrize(
    ("without", "h20", "b200", "rtx"),
    [(["CN"], None, False, True), (["US"], False, True, False), (["CN", "US"], True, True, True)],
)
def test_counterfactuals(ask, without, h20, b200, rtx):
    """Without one government's rules the other's still stand; without both everything is open."""
    day = "2025-10-15"
    assert ask.allowed("nvidia-h20-96gb", "order", day, without=without) is h20
    assert ask.allowed("nvidia-b200-sxm", "order", day, without=without) is b200
    assert ask.allowed("nvidia-rtx-6000d", "order", day, without=without) is rtx


def test_component_bans_spare_what_is_packaged(ask):
    """Memory alone is caught once enforced; the month of notice and co-packaged memory are free."""
    memory = {
        "type": "HBM",
        "mem_bw_density_gb_s_mm2": 5.0,
        "copackaged": False,
        "us_controlled": True,
        "vendor_country": "KR",
    }
    assert ask.allowed(None, "import", "2024-12-15", component=memory) is True
    assert ask.allowed(None, "import", "2025-01-15", component=memory) is False
    assert ask.allowed(None, "import", "2025-01-15", component=memory | {"copackaged": True}) is True
    assert (
        ask.allowed(
            None, "import", "2025-01-15", component={"type": "HBM", "us_controlled": True, "vendor_country": "KR"}
        )
        is None
    )


def test_a_safe_harbour_widens_on_schedule(ask, catalog):
    """Dies of 32 bn transistors without HBM leave the foundry presumption in 2027, those of 38 bn in 2029."""
    designer = catalog.buyers["cn-internet"].model_copy(update={"sector": "ic_designer_not_approved_or_authorised"})

    def may(transistors: float, day: str) -> bool | None:
        die = {"type": "logic_die", "process_node_nm": 7.0, "transistors_b": transistors, "has_hbm": False}
        return ask.allowed(None, "order", day, designer, component=die)

    assert [may(32, d) for d in ("2026-12-31", "2027-01-01")] == [None, True]
    assert [may(38, d) for d in ("2028-12-31", "2029-01-01")] == [None, True]
    assert may(29, "2025-06-01") is True


def test_proposals_bind_only_when_activated(ask):
    bill = "us-2026-remote-access-bill"
    ask_rent = ("nvidia-b200-sxm", "rent", "2026-06-01", "cn-overseas-subsidiary")
    assert ask.allowed(*ask_rent) is True
    assert ask.ids("proposed", *ask_rent) == [bill]
    assert ask.allowed(*ask_rent, activate=[bill]) is False
    assert (
        ask.allowed("nvidia-b200-sxm", "order", "2026-06-01", "us-hyperscaler", activate=["us-2025-01-diffusion"])
        is True
    )


def test_soft_guidance_advises_and_does_not_close(ask):
    decision = ask("nvidia-l20", "order", "2025-08-20")
    assert decision.allowed is True
    assert [h.rule_id for h in decision.rules if h.outcome == "advises"] == ["cn-2025-08-h20-guidance"]
    assert ask.allowed("nvidia-l20", "order", "2025-08-20", activate=["cn-2025-08-h20-guidance"]) is False
