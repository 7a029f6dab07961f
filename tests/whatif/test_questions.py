"""A file of questions becomes runs: combinations, grids, draws, sides of facts; counted, named, and checked first."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr
from typer.testing import CliRunner

from planner.analysis.questions import expand
from planner.cli.main import app
from planner.errors import InputError
from planner.io.yaml import loads
from planner.scenario.load import load_scenario
from tests.docs.pages import blocks

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
QUESTIONS = [
    {"id": "a", "set": {"policy.without": ["XA"]}},
    {"id": "b", "scale": {"sites.home.grid": 0.7}},
    {"id": "c", "set": {"facts.systems.red-4.price": "10000 XTS"}},
]


@pytest.fixture(scope="module")
def tiny():
    return load_scenario(TINY)


def told(tiny, asked) -> list[str]:
    with pytest.raises(InputError) as caught:
        expand(tiny, asked)
    return [diagnostic.message + (diagnostic.hint or "") for diagnostic in caught.value.diagnostics]


def test_every_subset_is_asked_once_with_all_its_changes(tiny):
    sweep = expand(tiny, {"questions": QUESTIONS, "combinations": [{"id": "all", "of": ["a", "b", "c"]}]})
    made = {case.id: case.scenario for case in sweep.cases if case.kind == "combination"}
    assert set(made) == {"+".join(s) for n in (2, 3) for s in combinations("abc", n)}
    whole = made["a+b+c"]
    assert whole.policy.without == ("XA",)
    assert whole.sites[0].grid.steps["0001"] == pytest.approx(63.0)
    assert whole.facts == {"systems.red-4.price": "10000 XTS"}
    assert made["a+c"].sites[0].grid == tiny.sites[0].grid


def test_a_factor_scales_every_step_and_a_star_every_site(tiny):
    sweep = expand(tiny, [{"id": "less", "scale": {"sites.*.grid": 0.5, "workloads.dense.target": 2}}])
    case = sweep.cases[1].scenario
    for before, after in zip(tiny.sites, case.sites, strict=True):
        assert after.grid.steps == {label: pytest.approx(0.5 * v) for label, v in before.grid.steps.items()}
    assert case.streams[0].target.steps == {k: 2 * v for k, v in tiny.streams[0].target.steps.items()}


def test_a_grid_is_the_product_of_its_axes(tiny):
    axes = [
        {"id": "power", "set": "sites.home.grid", "from": "40 kW", "to": "80 kW", "steps": 3},
        {"id": "price", "scale": "facts.systems.red-4.price", "values": [0.5, 1.5]},
        {"id": "world", "questions": ["base", "a"]},
    ]
    sweep = expand(tiny, {"questions": QUESTIONS[:1], "grids": [{"id": "g", "axes": axes}]})
    made = [case for case in sweep.cases if case.kind == "grid"]
    assert len(made) == 12 == sweep.counts["grids"]
    assert made[-1].id == "g/80kW/1.5/a"
    assert made[-1].scenario.sites[0].grid.steps["0001"] == 80.0
    assert made[-1].scenario.facts == {"systems.red-4.price": "x 1.5"}
    assert made[-1].scenario.policy.without == ("XA",)
    assert len({tuple(case.coordinates.items()) for case in made}) == 12


@pytest.fixture
def ranged(tmp_path):
    """The tiny scenario over a catalog with a tariff and a supply that have ranges."""
    tiny_catalog = TINY.parents[1] / "data" / "tiny"
    (tmp_path / "mine.yaml").write_text(
        "regions:\n  - {like: plain, id: plain, tariff: {low: 0.4 XTS/kWh, mid: 0.5 XTS/kWh, high: 0.8 XTS/kWh}}\n"
        "assumptions:\n  - {id: hardware-maintenance, low: 3 %/yr, mid: 6 %/yr, high: 9 %/yr, basis: round}\n"
    )
    file = tmp_path / "scenario.yaml"
    file.write_text(TINY.read_text().replace("[../data/tiny]", f"[{tiny_catalog}, mine.yaml]"))
    return load_scenario(file)


def test_the_sides_of_a_fact_are_two_runs(ranged):
    sweep = expand(ranged, {"tornado": [{"id": "t"}, {"id": "u", "facts": ["regions.*"]}]})
    ids = [case.id for case in sweep.cases if case.kind == "tornado"]
    keys = ["assumptions.hardware-maintenance", "regions.plain.tariff"]
    assert ids[:4] == [f"t/{key}={side}" for key in keys for side in ("low", "high")]
    assert ids[4:] == ["u/regions.plain.tariff=low", "u/regions.plain.tariff=high"]
    assert sweep.find(ids[2]).scenario.facts == {"regions.plain.tariff": "low"}


def test_a_fact_is_drawn_over_its_own_range(ranged):
    variable = {"id": "tariff", "set": "facts.regions.plain.tariff", "fact": "triangular"}
    sweep = expand(ranged, {"draws": [{"id": "d", "runs": 100, "variables": [variable]}]})
    drawn = [float(case.coordinates["tariff"].split()[0]) for case in sweep.cases if case.kind == "draw"]
    assert 0.4 < min(drawn) < 0.42
    assert 0.75 < max(drawn) < 0.8
    assert np.mean(drawn) == pytest.approx((0.4 + 0.5 + 0.8) / 3, abs=0.005)


VARIABLES = [
    {"id": "price", "set": "facts.systems.red-4.price", "uniform": {"low": "10000 XTS", "high": "30000 XTS"}},
    {"id": "power", "scale": "sites.home.grid", "triangular": {"low": 0.5, "mode": 0.9, "high": 1.0}},
    {
        "id": "rate",
        "set": "finance.discount_rate",
        "normal": {"mean": "8 %/yr", "sd": "2 %/yr", "low": "4 %/yr", "high": "12 %/yr"},
    },
    {"id": "tokens", "scale": "workloads.frontier.tokens", "lognormal": {"median": 1, "sigma": 0.3, "high": 2}},
    {
        "id": "day",
        "set": "facts.policies.no-blue-imports.effective_from",
        "discrete": {"values": ["2026-04-01", "2026-07-01"], "weights": [3, 1]},
    },
]


@pytest.mark.parametrize("method", ["latin-hypercube", "sobol", "random"])
def test_draws_repeat_with_their_seed_and_stay_within_bounds(tiny, method):
    asked = {"draws": [{"id": "d", "runs": 64, "seed": 7, "sample": method, "variables": VARIABLES}]}
    one, other = (
        [dict(case.coordinates) for case in expand(tiny, asked).cases if case.kind == "draw"] for _ in range(2)
    )
    assert one == other
    asked["draws"][0]["seed"] = 8
    assert one != [dict(case.coordinates) for case in expand(tiny, asked).cases if case.kind == "draw"]
    prices = np.array([float(row["price"].split()[0]) for row in one])
    assert prices.min() >= 10000
    assert prices.max() <= 30000
    assert all(0.5 <= row["power"] <= 1.0 for row in one)
    rates = [float(row["rate"].split()[0]) for row in one]
    assert all(4 <= rate <= 12 for rate in rates)
    assert all(0 < row["tokens"] <= 2 for row in one)
    if method == "latin-hypercube":
        assert sorted(int((p - 10000) / 20000 * 64) for p in prices) == list(range(64))
        assert np.mean(rates) == pytest.approx(8, abs=0.05)
        assert np.median([row["tokens"] for row in one]) < 1.01
        assert sum(row["day"] == "2026-04-01" for row in one) == 48


def test_rank_correlations_are_those_asked_and_leave_the_strata(tiny):
    asked = {
        "draws": [
            {
                "id": "d",
                "runs": 400,
                "variables": VARIABLES[:3],
                "correlations": [{"between": ["price", "rate"], "rank": -0.7}],
            }
        ]
    }
    rows = [case.coordinates for case in expand(tiny, asked).cases if case.kind == "draw"]
    price = [float(row["price"].split()[0]) for row in rows]
    rate = [float(row["rate"].split()[0]) for row in rows]
    assert spearmanr(price, rate).statistic == pytest.approx(-0.7, abs=0.04)
    assert abs(spearmanr(price, [row["power"] for row in rows]).statistic) < 0.1
    assert sorted(int((p - 10000) / 20000 * 400) for p in price) == list(range(400))


@pytest.mark.parametrize(
    ("spread", "said"),
    [
        ({"uniform": {"low": "3 XTS", "high": "3 XTS"}}, "must be below"),
        ({"uniform": {"low": "3 XTS", "high": "2 XTS"}}, "must be below"),
        ({"triangular": {"low": "1 XTS", "mode": "5 XTS", "high": "2 XTS"}}, "mode"),
        ({"uniform": {"low": "1 XTS", "high": "5 kW"}}, "one line"),
        ({"uniform": {"low": "1 XTS"}}, "needs high"),
        ({"uniform": {"low": "1 XTS", "high": "2 XTS", "mode": "1 XTS"}}, "has no mode"),
        ({"normal": {"mean": "1 XTS", "sd": "0 XTS"}}, "above zero"),
        ({"normal": {"mean": "1 XTS", "sd": "1 XTS", "low": "99 XTS"}}, "lies between"),
        ({"discrete": {"values": ["1 XTS"], "weights": [1, 2]}}, "weights"),
        ({"discrete": {"values": ["1 XTS"], "weights": [-1]}}, "negative"),
        ({"lognormal": {"median": "-1 XTS", "sigma": 1}}, "above zero"),
        ({"fact": "uniform"}, "no uncertain fact"),
        ({}, "one distribution"),
    ],
)
def test_impossible_distributions_are_refused(tiny, spread, said):
    variable = {"id": "price", "set": "facts.systems.red-4.price", **spread}
    assert said in told(tiny, {"draws": [{"id": "d", "runs": 4, "variables": [variable]}]})[0]


def test_contradicting_correlations_are_refused(tiny):
    pairs = [("price", "power", 0.9), ("power", "rate", 0.9), ("price", "rate", -0.9)]
    correlations = [{"between": [a, b], "rank": r} for a, b, r in pairs]
    asked = {"draws": [{"id": "d", "runs": 9, "variables": VARIABLES[:3], "correlations": correlations}]}
    assert "contradict" in told(tiny, asked)[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"questions": QUESTIONS, "combinations": [{"id": "x", "of": ["a", "bb"]}]}, "no question 'bb'"),
        (
            {
                "questions": QUESTIONS,
                "grids": [{"id": "a", "axes": [{"id": "p", "scale": "sites.home.grid", "values": [1]}]}],
            },
            "asked twice",
        ),
        (
            {"questions": [{"id": "x", "scale": {"policy.without": 2}}, {"id": "y", "scale": {"title": 2}}]},
            "cannot be scaled",
        ),
        ({"questions": [{"id": "x", "set": {"sites.*.gird": "1 kW"}}]}, "did you mean 'grid'"),
        ({"questions": [{"id": "x"}]}, "changes something"),
        ({"questions": [{"id": "x", "set": {"facts.systems.red-5.price": "1 XTS"}}]}, "did you mean 'red-4'"),
        (
            {
                "questions": [{"id": "x", "set": {"name": "q"}}, {"id": "y", "set": {"name": "z"}}],
                "combinations": [{"id": "c", "of": ["x", "y"]}],
            },
            "both set name",
        ),
        (
            {
                "grids": [
                    {"id": "g", "axes": [{"id": "p", "set": "sites.home.grid", "from": "1 kW", "to": 2, "steps": 3}]}
                ]
            },
            "one line",
        ),
        ({"grids": [{"id": "g", "axes": [{"id": "p", "set": "sites.home.grid"}]}]}, "give values"),
        ({"tornado": [{"id": "t", "facts": ["systems.red-4.prise"]}]}, "no uncertain fact"),
        (
            {"break_even": [{"id": "e", "scale": "sites.home.gird", "from": 1, "to": 2, "until": {"feasible": True}}]},
            "did you mean 'grid'",
        ),
        ({"break_even": [{"id": "e", "scale": "sites.home.grid", "from": 1, "to": 2, "until": {}}]}, "one thing"),
        ({}, "nothing is asked"),
        (
            {"questions": [{"id": "x", "set": {"currency": "XXX", "finance.fx": {"XTS": 2.0}}}]},
            "counts in XXX",
        ),
        ({"questions": QUESTIONS, "combinations": [{"id": "x", "of": ["a", "b"], "sizes": [1]}]}, "at least 2"),
        (
            {"grids": [{"id": "g", "axes": [{"id": "p", "scale": "sites.home.grid", "values": [0.5, 0.5]}]}]},
            "two runs are named",
        ),
        ({"questions": QUESTIONS, "most_runs": 2}, "4 runs are asked for"),
        (
            {
                "questions": [{"id": str(n), "scale": {"sites.home.grid": 1}} for n in range(40)],
                "combinations": [{"id": "c", "of": [str(n) for n in range(40)]}],
            },
            "1,099,511,627,776 runs",
        ),
    ],
)
def test_faults_are_told_before_anything_is_solved(tiny, asked, said):
    messages = told(tiny, asked)
    assert any(said in message for message in messages), messages


def test_the_scenario_of_a_run_is_shown_with_the_origin_of_each_value(tmp_path):
    file = tmp_path / "q.yaml"
    file.write_text(
        "questions:\n  - {id: a, scale: {sites.home.grid: 0.5}}\n  - {id: b, set: {facts.regions.plain.tariff: x 2}}\n"
    )
    shown = CliRunner().invoke(app, ["whatif", str(TINY), str(file), "--show", "a"])
    assert shown.exit_code == 0, shown.output
    line = next(line for line in shown.stdout.splitlines() if "grid: 45" in line)
    assert f"{file}:2:" in line
    assert f"overriding {TINY}" in line
    listed = CliRunner().invoke(app, ["whatif", str(TINY), str(file), "--list"])
    assert listed.stdout.splitlines()[1:] == ["a", "b"]
    assert "3 runs: 1 of base, 2 of questions" in listed.stderr
    wrong = CliRunner().invoke(app, ["whatif", str(TINY), str(file), "--show", "aa"])
    assert wrong.exit_code == 1
    assert "did you mean 'a'" in wrong.stderr


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["whatif-cn.yaml", "whatif-cn-uncertain.yaml", "whatif-cn-studies.yaml"])
def test_the_examples_are_well_formed(name):
    sweep = expand(load_scenario(EXAMPLES / "hyperscaler-cn.yaml"), EXAMPLES / name)
    assert sweep.cases[0].id == "base"
    if name == "whatif-cn.yaml":
        assert sum(case.kind == "question" for case in sweep.cases) >= 13
        less, whole = sweep.find("power-less-20").scenario, sweep.cases[0].scenario
        for site, smaller in zip(whole.sites, less.sites, strict=True):
            pairs = [(site.grid, smaller.grid)]
            pairs += [(a.it_power, b.it_power) for a, b in zip(site.halls, smaller.halls, strict=True)]
            for here, there in pairs:
                assert there.steps == {label: pytest.approx(0.8 * value) for label, value in here.steps.items()}


def test_the_file_of_the_manual_is_well_formed():
    """The YAML blocks of docs/whatif.md together are one file of questions about the example."""
    whole = {}
    for block in blocks("docs/whatif.md", "yaml"):
        whole |= loads(block).value
    assert set(whole) >= {
        "questions",
        "combinations",
        "grids",
        "draws",
        "tornado",
        "break_even",
        "frontiers",
        "uncertainty",
    }
    sweep = expand(load_scenario(EXAMPLES / "hyperscaler-cn.yaml"), whole)
    assert sweep.counts["draws"] == 200


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from": 1, "to": 1}, "from and to are the same"),
        ({"from": 1, "to": 3, "tolerance": -1}, "a tolerance is above zero: got -1"),
        ({"from": 1, "to": 3, "tolerance": 0}, "a tolerance is above zero: got 0"),
        (
            {"set": "workloads.frontier.deadline", "from": "2026-Q3", "to": "2026-Q4", "tolerance": "7 days"},
            "a tolerance counts them: 7 days",
        ),
    ],
)
def test_an_interval_that_cannot_be_halved_is_told(asked, said):
    """Each ended in a search without end, without an answer, or in a traceback."""
    path = {} if "set" in asked else {"scale": "workloads.dense.target"}
    with pytest.raises(InputError, match=said):
        expand(load_scenario(TINY), {"break_even": [{"id": "b", **path, **asked, "until": {"feasible": True}}]})
