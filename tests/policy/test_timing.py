"""Announced and effective, suspended, expired, reversed, superseded, grandfathered: each on a rule of its own."""

from datetime import date

import pytest

from planner.policy.questions import Query, decide
from tests.policy.worlds import rule, world

BAN = "[{type: new_order_prohibited}]"


@pytest.fixture
def allowed(tmp_path):
    """`allowed(rules, day)` for an order of acme-one."""

    def answer(rules, day, chip="acme-one", action="order", acquired_on=None, **options):
        query = Query(chip, "bb-buyer", action, date.fromisoformat(day), acquired_on=acquired_on)
        return decide(world(tmp_path, rules), query, **options).allowed

    return answer


def test_a_rule_binds_from_its_first_to_its_last_day(allowed):
    rules = rule("r", BAN, effective_from="2025-03-01", effective_to="2025-05-31")
    assert [allowed(rules, d) for d in ("2025-02-28", "2025-03-01", "2025-05-31", "2025-06-01")] == [
        True,
        False,
        False,
        True,
    ]


def test_what_was_announced_later_is_not_foreseen(allowed):
    """A plan of January does not know a rule announced in February for March; one of February does."""
    rules = rule("r", BAN, announced="2025-02-01", effective_from="2025-03-01")
    assert allowed(rules, "2025-03-01", known_by=date(2025, 1, 31)) is True
    assert allowed(rules, "2025-03-01", known_by=date(2025, 2, 1)) is False
    assert allowed(rules, "2025-02-28", known_by=date(2025, 2, 1)) is True


def test_an_end_that_is_not_yet_known_is_not_foreseen_either(allowed):
    """A ban lifted in June, announced in May: in April it looks open-ended."""
    rules = rule("r", BAN, effective_to="2025-05-31", end_announced="2025-05-10")
    assert allowed(rules, "2025-07-01", known_by=date(2025, 4, 1)) is False
    assert allowed(rules, "2025-07-01", known_by=date(2025, 5, 10)) is True


def test_a_suspended_rule_comes_back_by_itself(allowed):
    rules = rule("r", BAN, suspensions="[{from: 2025-11-10, to: 2026-11-09, reason: truce}]")
    assert [allowed(rules, d) for d in ("2025-11-09", "2025-11-10", "2026-11-09", "2026-11-10")] == [
        False,
        True,
        True,
        False,
    ]
    assert allowed(rules, "2026-01-01", known_by=date(2025, 11, 9)) is False, "the truce was not known"


def test_a_rule_whose_fate_is_not_known_gives_unknown(allowed):
    rules = rule("r", BAN, uncertain_from="2026-11-10")
    assert allowed(rules, "2026-11-09") is False
    assert allowed(rules, "2026-11-10") is None


def test_a_later_rule_replaces_an_earlier_one(allowed):
    """The old ban ends when the new rule starts, unless the new one is left out."""
    rules = (
        rule("old", BAN)
        + "\n"
        + rule("new", "[{type: due_diligence}]", effective_from="2025-06-01", supersedes="[old]")
    )
    assert allowed(rules, "2025-05-31") is False
    assert allowed(rules, "2025-06-01") is True
    assert allowed(rules, "2025-06-01", without=["new"]) is False


def test_a_lane_opens_a_ban_only_for_what_it_covers(allowed):
    """`relaxes` overrides the ban inside the lane's own reach and scope; outside, the ban stands."""
    lane = rule(
        "lane",
        "[{type: licence_required, review: approval, delay: 30 days}]",
        relaxes="[ban]",
        scope="{field: chip.sku, op: ==, value: One}",
        effective_from="2025-06-01",
    )
    rules = rule("ban", BAN) + "\n" + lane
    assert allowed(rules, "2025-05-31") is False
    assert allowed(rules, "2025-06-01") is True
    assert allowed(rules, "2025-06-01", chip="bolt-two") is False


def test_a_lane_of_unknown_width_leaves_the_ban_unknown(allowed):
    lane = rule(
        "lane",
        "[{type: licence_required, review: approval}]",
        relaxes="[ban]",
        covered_buyers="{field: buyer.approved_customer, op: ==, value: true}",
    )
    assert allowed(rule("ban", BAN) + "\n" + lane, "2025-06-01") is None


def test_older_units_may_be_exempt(allowed):
    rules = rule("r", "[{type: operation_prohibited, grandfathered: true}]", effective_from="2025-01-01")
    ask = ("2025-06-01", "acme-one", "operate")
    assert allowed(rules, *ask, acquired_on=date(2024, 12, 31)) is True
    assert allowed(rules, *ask, acquired_on=date(2025, 1, 1)) is False
    assert allowed(rules, *ask) is None, "their age is not known"


def test_rules_that_do_not_bind_bind_when_activated(allowed):
    rules = rule("r", BAN, status="proposed", effective_from="", announced="2025-01-01")
    assert allowed(rules, "2025-06-01") is True
    assert allowed(rules, "2025-06-01", activate=["r"]) is False
    assert allowed(rules, "2024-06-01", activate=["r"]) is True, "not before it was proposed"


@pytest.mark.parametrize(
    ("review", "answer"),
    [("denial", False), ("case_by_case", None), ("approval", True), ("notification", True), ("null", None)],
)
def test_the_review_policy_gives_the_answer(allowed, review, answer):
    rules = rule("r", f"[{{type: licence_required, review: {review}}}]")
    assert allowed(rules, "2025-06-01") is answer


def test_an_unknown_answer_is_settled_only_on_demand(tmp_path):
    catalog = world(tmp_path, rule("r", "[{type: licence_required, review: null}]"))
    query = Query("acme-one", "bb-buyer", "order", date(2025, 6, 1))
    assert decide(catalog, query).allowed is None
    for assume, answer in (("allow", True), ("deny", False)):
        decision = decide(catalog, query, assume_unknown=assume)
        assert decision.allowed is answer
        assert decision.settled
        assert [hit.settled_by for hit in decision.rules] == ["assume_unknown"]


def test_each_effect_closes_its_own_state(tmp_path):
    """No prohibition reaches further than its state; operating needs installing, so a ban on use closes both."""
    closes = {
        "new_order_prohibited": {"order"},
        "import_blocked": {"import"},
        "testing_prohibited": {"test"},
        "installation_prohibited": {"install"},
        "operation_prohibited": {"install", "operate"},
        "removal_required": {"install", "operate"},
        "surrender_required": {"install", "operate"},
        "service_prohibited": {"service"},
        "rental_prohibited": {"rent"},
        "remote_access_controlled": {"rent"},
    }
    actions = ("order", "licence", "import", "test", "install", "operate", "service", "rent")
    for effect, expected in closes.items():
        catalog = world(tmp_path / effect, rule("r", f"[{{type: {effect}}}]"))
        asked = {a: decide(catalog, Query("acme-one", "bb-buyer", a, date(2025, 6, 1))).allowed for a in actions}
        assert {a for a, answer in asked.items() if answer is False} == expected
        assert {a for a, answer in asked.items() if answer is True} == set(actions) - expected
