"""Facts that a scenario states: a value, a side, a factor; each with its effect, its row and its faults."""

from pathlib import Path

import pytest

from planner.errors import InputError
from planner.plan.solve import Options, pose, solve
from planner.scenario.load import catalog_of, load_scenario, patched

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
EXAMPLE = Path(__file__).parents[2] / "examples" / "hyperscaler-cn.yaml"


@pytest.fixture(scope="module")
def tiny():
    return load_scenario(TINY)


def case_of(scenario, **facts):
    changed = patched(scenario, {"facts": {key.replace("__", "."): value for key, value in facts.items()}})
    return pose(changed, catalog_of(changed)).case


def test_a_value_takes_the_place_of_a_published_one_and_says_so(tiny):
    case = case_of(tiny, **{"systems.red-4.price": "10000 XTS", "regions.plain.tariff": "x 3"})
    assert case.systems["red-4"].price.amount == 10000.0
    assert case.regions["home"].tariff.amount == pytest.approx(1.5)
    row = case.ledger.get("systems.red-4.price")
    assert (row.kind, row.used, row.source) == ("scenario", 10000.0, ())
    assert case.ledger.get("regions.plain.tariff").kind == "scenario"
    assert case.systems["blue-8"].price.amount == 13000.0


def test_the_plan_is_verified_and_costs_what_the_facts_say(tiny):
    base = solve(tiny, Options(counterfactuals=False))
    changed = patched(tiny, {"facts": {"regions.plain.tariff": "x 2"}})
    by_site = patched(tiny, {"sites.home.tariff": "1 XTS/kWh"})
    found = solve(changed, Options(counterfactuals=False))
    assert found.verified
    assert found.objective > base.objective
    assert found.objective == pytest.approx(solve(by_site, Options(counterfactuals=False)).objective)


def test_a_parameter_may_be_stated_as_a_fact(tiny):
    one = case_of(tiny, **{"assumptions.power-utilisation": 0.4})
    other = case_of(tiny, **{"assumptions.power-utilisation": "x 50 %"})
    assert one.parameters.load_factor == pytest.approx(other.parameters.load_factor) == pytest.approx(0.4)


def test_a_field_of_a_rule_moves_the_rule(tiny):
    later = patched(tiny, {"facts": {"policies.no-blue-imports.effective_from": "2026-10-01"}})
    case = pose(later, catalog_of(later)).case
    assert case.permissions.allowed("import", "tiny-blue", None, 2)
    assert not case.permissions.allowed("import", "tiny-blue", None, 3)


def test_digests_differ_with_the_facts(tiny):
    digests = {
        catalog_of(patched(tiny, {"facts": facts})).digest
        for facts in ({}, {"regions.plain.tariff": "x 2"}, {"systems.red-4.price": "1 XTS"}, {"systems.red-4.racks": 1})
    }
    assert len(digests) == 4


@pytest.mark.parametrize("level", ["low", "high"])
def test_a_side_of_a_range_is_that_of_the_scenario_at_that_level(level):
    """One fact at its side, everything else in the middle; with every fact at its side, the scenario at that level."""
    scenario = load_scenario(EXAMPLE)
    middle = pose(scenario, catalog_of(scenario)).case
    side = patched(scenario, {"values": level})
    all_of_it = pose(side, catalog_of(side)).case
    for key in ("systems.hgx-h20.price", "supply.ascend-national-2026.huawei-ascend-910c", "regions.cn-gansu.pue.air"):
        case = case_of(scenario, **{key: level})
        assert case.ledger.get(key).used == pytest.approx(all_of_it.ledger.get(key).used)
        others = {row.key: row.used for row in case.ledger if row.key != key}
        assert others == {row.key: row.used for row in middle.ledger if row.key != key}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("system.red-4.price", "1 XTS", "did you mean 'systems'"),
        ("systems.red-5.price", "1 XTS", "did you mean 'red-4'"),
        ("systems.red-4.prise", "1 XTS", "did you mean 'price'"),
        ("systems.red-4.price", "1 kW", "money"),
        ("systems.red-4.cooling", "low", "no number"),
        ("systems.red-4.accelerators", "high", "no range"),
        ("supply.tiny-red-national.tiny-rd", "x 2", "did you mean 'tiny-red'"),
        ("policies.no-blue-import.effective_from", "2026-10-01", "did you mean 'no-blue-imports'"),
        ("policies.no-blue-imports.effectiv_from", "2026-10-01", "effective_from"),
        ("policies.no-blue-imports.effective_from", "high", "no ranges"),
        ("assumptions.hardware-life", "3 kW", "hardware-life"),
    ],
)
def test_keys_and_values_that_lead_nowhere_are_told_at_their_place(tmp_path, key, value, said):
    text = TINY.read_text().replace("../data/tiny", str(TINY.parents[1] / "data" / "tiny"))
    file = tmp_path / "scenario.yaml"
    file.write_text(f"{text}\nfacts:\n  {key}: {value}\n")
    with pytest.raises(InputError) as caught:
        pose(load_scenario(file), catalog_of(load_scenario(file)))
    assert said in str(caught.value)
    place = caught.value.diagnostics[0].place
    assert place is not None
    assert place.file == str(file)
    assert place.line == len(text.split("\n")) + 2
