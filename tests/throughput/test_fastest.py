"""The search leaves most layouts untimed; what it finds is what timing all of them finds."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.throughput.case import arrays, case, knobs
from planner.throughput.estimate import USABLE, estimate
from planner.throughput.fastest import ROUNDING
from planner.throughput.inputs import Constraint, Recipe
from planner.throughput.layout import Usual, cuts_of, grid, layout_at
from planner.throughput.memory import memory
from planner.throughput.step import block, least_layer, passes, pipelined, step_time

SOME = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SHAPES = ("dense", "moe", "tiny")
STACKS = (None, "hai-llm", "megatron")


@SOME
@given(
    shape=st.sampled_from(SHAPES),
    stack=st.sampled_from(STACKS),
    n=st.sampled_from([64, 200, 512, 2048, 8192]),
    batch=st.sampled_from([256, 1000, 15360]),
    domain=st.sampled_from([8, 72, 384]),
    link=st.sampled_from([2, 50, 400]),
)
def test_it_is_the_fastest_of_all_that_fit(shape, stack, n, batch, domain, link, request, machine, calibration):
    """Every layout that fits is timed here, and none is below its bound."""
    model, recipe = request.getfixturevalue(shape), Recipe(4096, batch, software=stack)
    asked = case(model, recipe, machine.with_(domain=domain, scale_out_gbs=link), calibration)
    (s, j, h), k = arrays([asked]), knobs([asked], calibration)
    choice = Constraint(virtual=1 if j.schedule[0] > 0 else None)
    cuts = cuts_of(model, recipe.seq, domain, n, choice, Usual(asked.software.zero, asked.software.most))
    every, rows = grid(cuts, model, recipe, n, choice)
    fit = memory(s, j, every).total <= h.memory * USABLE if len(every) else np.zeros(0, dtype=bool)
    found = estimate(model, recipe, asked.machine, n, calibration=calibration)
    if not fit.any():
        assert found.reason
        return
    x, layer = every.take(fit), cuts.layer[rows[fit]]
    seconds = step_time(s, j, x, h, k).total
    assert found.step_time_s == pytest.approx(seconds.min(), rel=1e-12)
    best = layout_at(x, int(np.argmin(seconds)))
    assert found.layout == best
    each = block(s, j, cuts.layers(), h, k)
    least = np.where(pipelined(j, x), least_layer(s, cuts.layers(), h, k, each)[layer], each.total[layer])
    assert (passes(s, j, x) * least * (1 - ROUNDING) <= seconds).all()
