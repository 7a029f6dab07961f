"""Faults in rule files: each found at load, with file, line and column, and what would be right."""

import pytest

from planner.errors import InputError
from planner.policy.load import rulebook
from tests.policy.worlds import rule, world

BAN = "[{type: new_order_prohibited}]"


def fault(tmp_path, rules):
    """The one diagnostic of these rules, with the text of the line it points to from its column on."""
    with pytest.raises(InputError) as caught:
        rulebook(world(tmp_path, rules))
    (found,) = caught.value.diagnostics
    assert found.place is not None
    with open(found.place.file, encoding="utf-8") as file:  # noqa: PTH123
        line = file.read().split("\n")[found.place.line - 1]
    return found, line[found.place.column - 1 :]


@pytest.mark.parametrize(
    ("code", "fields", "message", "hint", "points_at"),
    [
        (
            "unknown-field",
            {"scope": "{field: chip.tp, op: '>', value: 1}"},
            "chip.tp",
            "did you mean 'chip.tpp'?",
            "chip.tp,",
        ),
        (
            "unit",
            {"scope": "{field: chip.dram_bandwidth_gb_s, op: '>=', value: 1400 GB}"},
            "chip.dram_bandwidth_gb_s: bandwidth expects",
            "3.2 TB/s",
            "1400 GB",
        ),
        (
            "unit-missing",
            {"scope": "{field: chip.io_bandwidth_gb_s, op: '>=', value: 1400}"},
            "unit",
            "1400 GB/s",
            "1400}",
        ),
        ("wrong-type", {"scope": "{field: chip.tpp, op: '>=', value: 4800 GB/s}"}, "plain number", "no unit", "4800"),
        (
            "wrong-type",
            {"scope": "{field: chip.datacenter_marketed, op: ==, value: 'yes'}"},
            "true or false",
            "true",
            "'yes'",
        ),
        ("wrong-value", {"scope": "{field: chip.tpp, op: in, value: 5}"}, "list", "==", "5}"),
        ("wrong-value", {"scope": "{field: chip.vendor, op: '<', value: acme}"}, "needs a number", "==", "'<'"),
        (
            "wrong-value",
            {"covered_buyers": "{field: buyer.country, op: ==, value: China}"},
            "country code",
            "CN",
            "China",
        ),
        (
            "wrong-value",
            {"covered_buyers": "{field: buyer.ownership, op: ==, value: privat}"},
            "privat",
            "private",
            "privat}",
        ),
        (
            "unknown-group",
            {"covered_buyers": "{field: buyer.country, op: in, value: ['group:D6']}"},
            "D6",
            "D5",
            "'group",
        ),
        ("wrong-value", {"scope": "{field: chip.tpp, op: '>'}"}, "value is missing", "", "{field"),
        ("wrong-value", {"scope": "{all: [], any: []}"}, "one of", "", "{all"),
        ("wrong-value", {"effects": "[]"}, "at least one effect", "statement", "[]"),
        ("missing-key", {"effects": ""}, "'effects' is missing", "", "id"),
        (
            "wrong-value",
            {"effects": "[{type: new_order_prohibitd}]"},
            "type must be",
            "new_order_prohibited",
            "new_order",
        ),
        ("unknown-key", {"effects": "[{type: tariff, rate: 25 %, ratte: 2}]"}, "ratte", "rate", "ratte"),
        (
            "unit",
            {"effects": "[{type: licence_required, review: denial, delay: 25 kW}]"},
            "time expects",
            "90 days",
            "25 kW",
        ),
        ("wrong-type", {"effective_from": "2025-02-30"}, "date", "", "2025-02-30"),
        ("wrong-value", {"effective_to": "2019-12-31"}, "ends (2019-12-31) before it starts", "exchange", "id"),
        (
            "wrong-value",
            {"suspensions": "[{from: 2025-02-01, to: 2025-01-01, reason: x}]"},
            "suspension ends",
            "",
            "{from",
        ),
        ("unknown-rule", {"relaxes": "[us-2023-11-3a09a]"}, "which is no rule", "", "us-2023"),
        ("wrong-value", {"jurisdiction": "Utopia"}, "jurisdiction", "", "Utopia"),
        ("unknown-key", {"sumary": "x"}, "'sumary'", "did you mean 'summary'?", "sumary"),
    ],
)
def test_a_fault_is_found_where_it_is(tmp_path, code, fields, message, hint, points_at):
    found, pointed = fault(tmp_path, rule("r", **{"effects": BAN} | fields))
    assert found.code == code
    assert message in found.message
    assert hint in (found.hint or "")
    assert pointed.startswith(points_at)


def test_a_cycle_of_supersession(tmp_path):
    rules = "\n".join(rule(a, BAN, supersedes=f"[{b}]") for a, b in (("a", "b"), ("b", "c"), ("c", "a")))
    found, pointed = fault(tmp_path, rules)
    assert found.code == "rule-cycle"
    assert all(name in found.message for name in ("a", "b", "c", "->"))
    assert pointed.startswith("[")


def test_a_cycle_of_relaxation(tmp_path):
    found, _ = fault(tmp_path, rule("a", BAN, relaxes="[b]") + "\n" + rule("b", BAN, relaxes="[a]"))
    assert found.code == "rule-cycle"


def test_an_id_given_twice(tmp_path):
    found, pointed = fault(tmp_path, rule("a", BAN) + "\n" + rule("a", BAN))
    assert found.code == "duplicate-id"
    assert "own.yaml:2:" in found.message, "says where the first one is"
    assert pointed == "a"


def test_all_faults_are_told_at_once(tmp_path):
    rules = rule("a", BAN, scope="{field: chip.x, op: ==, value: 1}") + "\n" + rule("b", BAN, relaxes="[c]")
    with pytest.raises(InputError) as caught:
        rulebook(world(tmp_path, rules))
    assert [d.code for d in caught.value.diagnostics] == ["unknown-field", "unknown-rule"]


def test_a_bound_rule_with_a_date_unknown_needs_its_day(tmp_path):
    found, _ = fault(tmp_path, rule("a", BAN, effective_from=""))
    assert "no effective_from" in found.message


@pytest.mark.parametrize(
    ("options", "code"),
    [({"without": ["XX"]}, "unknown-rule"), ({"activate": ["nope"]}, "unknown-rule")],
)
def test_unknown_names_in_questions(ask, options, code):
    with pytest.raises(InputError) as caught:
        ask("nvidia-h20-96gb", "order", "2025-10-15", **options)
    assert caught.value.diagnostics[0].code == code


def test_a_stated_fact_must_be_a_word_of_the_vocabulary(ask):
    with pytest.raises(InputError, match="state_founded"):
        ask("nvidia-h20-96gb", "order", "2025-10-15", site={"state_founded": True})


def test_a_stated_fact_must_fit_its_field(ask):
    with pytest.raises(InputError) as caught:
        ask("nvidia-h20-96gb", "order", "2025-10-15", site={"class": "larg"})
    assert caught.value.diagnostics[0].hint == "did you mean 'large'?"
    with pytest.raises(InputError):
        ask("nvidia-h20-96gb", "order", "2025-10-15", site={"country": "China"})
