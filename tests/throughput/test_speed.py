"""Searches are fast: loose bounds, and ratios that do not depend on the machine."""

import time

from planner.throughput.estimate import estimate
from planner.throughput.inputs import Constraint, Recipe
from planner.throughput.layout import Usual, cuts_of, grid
from planner.throughput.rates import rates


def _best(work, rounds=3):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def test_a_search_is_milliseconds(dense, machine, calibration):
    """Over 50,000 layouts a second, and one search of 4,096 accelerators within 100 ms."""
    recipe = Recipe(8192, 2048)
    cuts = cuts_of(dense, recipe.seq, machine.domain, 4096, Constraint(), Usual())
    layouts = len(grid(cuts, dense, recipe, 4096, Constraint())[0])
    seconds = _best(lambda: estimate(dense, recipe, machine, 4096, calibration=calibration))
    assert seconds < 0.1
    assert layouts / seconds > 50_000


def test_a_known_rate_costs_nothing(dense, machine, calibration):
    recipe = Recipe(8192, 1024)
    sizes = (512, 1024, 2048)
    first = _best(lambda: rates(dense, recipe, machine, sizes, calibration), rounds=1)
    again = _best(lambda: rates(dense, recipe, machine, sizes, calibration))
    assert again < first / 10


def test_rates_of_many_sizes_are_those_of_each(dense, machine, calibration):
    recipe = Recipe(8192, 1024)
    together = rates(dense, recipe, machine, (256, 512), calibration)
    alone = [estimate(dense, recipe, machine, n, calibration=calibration) for n in (256, 512)]
    assert [e.tokens_per_s for e in together] == [e.tokens_per_s for e in alone]


def test_saved_estimates_are_the_same_and_belong_to_their_calibration(tmp_path, dense, machine, calibration):
    """What is restored equals what was computed; another calibration has another key."""
    from dataclasses import replace

    from planner.throughput import rates as module

    recipe = Recipe(8192, 768)
    made = rates(dense, recipe, machine, (256, 384), calibration)
    module.save(tmp_path / "known.json")
    key = module.content_key(dense, recipe, machine, calibration)
    del module._KNOWN[key]
    assert module.restore(tmp_path / "known.json") >= 2
    assert module._KNOWN[key] == {256: made[0], 384: made[1]}
    other = replace(calibration, common={**calibration.common, "jitter": 0.5})
    assert module.content_key(dense, recipe, machine, other) != key
