"""What must hold for any calibration: bounds, monotonicity, symmetry."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.throughput.arrays import layouts, shapes
from planner.throughput.case import arrays, case, flops_per_token, knobs
from planner.throughput.compute import layer_time
from planner.throughput.estimate import estimate
from planner.throughput.inputs import Layout, Machine, Recipe, Transformer
from planner.throughput.memory import memory, parameters
from planner.throughput.step import step_time

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PLAN = Layout(tp=4, pp=2, dp=16, micro_batch=1, recompute="selective", zero=1)


def seconds(t, r, m, calibration, plan=PLAN):
    question = case(t, r, m, calibration)
    s, j, h = arrays([question])
    return step_time(s, j, layouts([plan]), h, knobs([question], calibration))


def stored(t, r, m, calibration, plan=PLAN):
    """Bytes of activations."""
    s, j, _ = arrays([case(t, r, m, calibration)])
    return float(memory(s, j, layouts([plan])).activations[0])


@QUICK
@given(n=st.sampled_from([64, 256, 1024, 4096]), bandwidth=st.floats(500, 20000), link=st.floats(5, 2000))
def test_never_above_the_roofline(n, bandwidth, link, dense, recipe, machine, calibration):
    """Model FLOPs per second never exceed the peak, however fast memory and links are."""
    m = machine.with_(memory_bandwidth_gbs=bandwidth, scale_up_gbs=link, scale_out_gbs=link, memory_gb=500)
    assert 0 < estimate(dense, recipe, m, n, calibration=calibration).utilisation < 1


@QUICK
@given(level=st.floats(0.2, 8), micro_batch=st.sampled_from([1, 4, 16]), precision=st.sampled_from(["bf16", "fp8"]))
def test_experts_never_run_above_the_peak(level, micro_batch, precision, moe, machine, calibration):
    """Whatever level was fitted for a stack's routed experts, their products take the time of the peak at least."""
    question = case(moe, Recipe(4096, 1024, precision), machine, calibration)
    s, j, h = arrays([question])
    k = replace(knobs([question], calibration), moe_gemm=np.array([level]))
    tokens = 4096 * micro_batch
    best = 2 * tokens * moe.top_k * 3 * moe.hidden * moe.expert_ffn / (machine.peak_tflops[precision] * 1e12)
    plan = layouts([Layout(tp=1, pp=1, dp=1, micro_batch=micro_batch)])
    assert layer_time(s, j, plan, h, k).experts[0] >= best * (moe.layers - moe.dense_layers) / moe.layers


@QUICK
@given(
    name=st.sampled_from(["memory_bandwidth_gbs", "scale_up_gbs", "scale_out_gbs", "memory_gb"]),
    factor=st.floats(1.01, 8),
    moe_model=st.booleans(),
)
def test_more_bandwidth_or_memory_never_slows(name, factor, moe_model, dense, moe, recipe, machine, calibration):
    """A better part is never predicted slower, whatever layout each picks."""
    t = moe if moe_model else dense
    better = machine.with_(**{name: getattr(machine, name) * factor})
    slow, fast = (estimate(t, recipe, m, 512, calibration=calibration).tokens_per_s for m in (machine, better))
    assert fast >= slow * (1 - 1e-9)


@pytest.mark.parametrize("precision", ["bf16", "fp8"])
def test_higher_peak_never_slows(precision, dense, machine, calibration):
    recipe = Recipe(4096, 1024, precision)
    rates = [
        estimate(dense, recipe, machine.with_(peak_tflops={"bf16": p, "fp8": 2 * p}), 256, calibration=calibration)
        for p in (200.0, 400.0, 800.0, 1600.0)
    ]
    assert all(a.tokens_per_s < b.tokens_per_s for a, b in itertools.pairwise(rates))


@pytest.mark.parametrize("kind", ["dense", "moe"])
def test_rate_per_accelerator_falls_with_scale(kind, request, calibration, machine):
    """At a fixed batch, doubling the cluster never raises tokens/s per accelerator."""
    t = request.getfixturevalue(kind)
    recipe = Recipe(4096, 2048)
    m = machine.with_(memory_gb=192)
    rates = [
        estimate(t, recipe, m, n, calibration=calibration).tokens_per_s_per_accelerator
        for n in (128, 256, 512, 1024, 2048, 4096, 8192, 16384)
    ]
    assert all(b <= a * (1 + 1e-9) for a, b in itertools.pairwise(rates))


@QUICK
@given(
    tp=st.sampled_from([1, 2, 4, 8]), pp=st.sampled_from([1, 2, 4, 8]), dp=st.sampled_from([1, 8, 64]),
    cp=st.sampled_from([1, 2]), micro=st.sampled_from([1, 2, 4]),
    mode=st.sampled_from(["none", "selective", "full"]), zero=st.sampled_from([0, 1, 2, 3]),
)  # fmt: skip
def test_memory_is_never_negative_and_falls_with_cuts(tp, pp, dp, cp, micro, mode, zero, moe, recipe, calibration):
    """Every component is at least zero; a higher ZeRO stage or more recomputation never needs more."""
    question = case(moe, recipe, Machine("x", "generic", "default", {"bf16": 100.0}), calibration)
    s, j, _ = arrays([question])

    def total(**change):
        plan = Layout(tp, pp, dp, cp, 1, 1, micro, mode, zero)
        parts = memory(s, j, layouts([replace(plan, **change)]))
        assert all(float(np.min(getattr(parts, f))) >= 0 for f in parts.__slots__)
        return float(parts.weights[0] + parts.gradients[0] + parts.optimizer[0] + parts.activations[0])

    if zero < 3:
        assert total(zero=zero + 1) <= total() * (1 + 1e-12)
    assert total(recompute="selective") <= total(recompute="none") * (1 + 1e-12)


def test_order_of_layouts_does_not_matter(dense, recipe, machine, calibration):
    """Permuting layouts permutes results and changes none."""
    plans = [replace(PLAN, tp=tp, dp=64 // tp, micro_batch=b) for tp in (1, 2, 4, 8) for b in (1, 2)]
    question = case(dense, recipe, machine, calibration)
    s, j, h = arrays([question])
    k = knobs([question], calibration)
    order = np.random.default_rng(1).permutation(len(plans))
    straight = step_time(s, j, layouts(plans), h, k).total
    shuffled = step_time(s, j, layouts([plans[i] for i in order]), h, k).total
    assert np.array_equal(straight[order], shuffled)


def test_parts_add_up_to_the_step(dense, moe, recipe, machine, calibration):
    for t in (dense, moe):
        e = estimate(t, recipe, machine.with_(memory_gb=200), 512, calibration=calibration)
        assert sum(e.time.values()) == pytest.approx(e.step_time_s)
        assert min(e.time.values()) >= 0
        assert e.tokens_per_s == pytest.approx(recipe.seq * recipe.global_batch / e.step_time_s)


def test_interval_holds_the_prediction_and_goodput_is_a_share(dense, recipe, machine, calibration):
    e = estimate(dense, recipe, machine, 1024, calibration=calibration)
    assert e.low < e.tokens_per_s < e.high
    assert 0 < e.goodput < 1
    assert e.effective_tokens_per_s < e.tokens_per_s


@pytest.mark.parametrize(
    ("t", "billions"),
    [
        (Transformer("llama", 126, 16384, 128, 8, 128, 53248, True, 128256), 405.85),
        (Transformer("gpt", 96, 12288, 96, 96, 128, 49152, False, 51200, tied_embed=True), 174.6),
    ],
)
def test_parameters_are_the_published_ones(t, billions):
    s = shapes([t])
    assert float(parameters(s).total(s)[0]) / 1e9 == pytest.approx(billions, rel=1e-3)


def test_flops_are_six_per_parameter_plus_causal_attention(tiny):
    """4 layers of width 1024: 12 h^2 parameters each, the vocabulary once, 6 h s for causal attention."""
    expected = 6 * (4 * 12 * 1024**2 + 51200 * 1024) + 6 * 4 * 1024 * 2048
    assert flops_per_token(tiny, Recipe(2048, 8)) == pytest.approx(expected)


def test_bubble_is_the_pipeline_formula(dense, machine, calibration):
    """1F1B with p stages and m micro-batches idles (p-1)/m of the ideal time; v chunks divide that by v."""
    recipe = Recipe(8192, 64)
    fast = machine.with_(scale_up_gbs=1e9, scale_out_gbs=1e9)
    plain = Layout(8, 8, 1, micro_batch=1, zero=0)
    a, b = (seconds(dense, recipe, fast, calibration, p) for p in (plain, replace(plain, virtual=5)))
    assert a.pipeline[0] - b.pipeline[0] == pytest.approx(7 / 64 * (1 - 1 / 5) * _ideal(a), rel=0.15)


def test_zero_bubble_leaves_a_third(dense, machine, calibration):
    """A zero-bubble schedule leaves a third of the plain bubble, and everything else as it was."""
    recipe = Recipe(8192, 64)
    plain = Layout(8, 8, 1, micro_batch=1, zero=0)
    a = seconds(dense, recipe, machine, calibration, plain)
    b = seconds(dense, replace(recipe, schedule="zero-bubble"), machine, calibration, plain)
    assert a.pipeline[0] - b.pipeline[0] == pytest.approx(2 / 3 * 7 / 64 * _ideal(a), rel=0.05)
    assert _ideal(a) == pytest.approx(_ideal(b))


def test_v_shaped_schedules_trade_speed_for_memory(dense, machine, calibration):
    """V-Half leaves half of the plain bubble; V-Min is slower and leaner still; no other time of theirs differs."""
    recipe = Recipe(8192, 64)
    plan = Layout(8, 8, 1, micro_batch=1, zero=0)
    names = ("1f1b", "zero-bubble", "v-half", "v-min")
    plain, zero, half, least = (
        seconds(dense, replace(recipe, schedule=n), machine, calibration, plan) for n in names
    )  # fmt: skip
    assert plain.pipeline[0] - half.pipeline[0] == pytest.approx(1 / 2 * 7 / 64 * _ideal(plain), rel=0.05)
    assert zero.total[0] < half.total[0] < least.total[0]
    assert _ideal(least) == pytest.approx(_ideal(plain))
    held = [stored(dense, replace(recipe, schedule=n), machine, calibration, plan) for n in names]
    eighth = held[0] / 8
    assert [h / eighth for h in held] == pytest.approx([8, 9, 6, 5])


def test_exchange_across_domains_is_hidden_only_where_another_micro_batch_runs(moe, recipe, machine, calibration):
    """With an interleaved pipeline and a release that overlaps; inside a domain or before that release nothing is."""
    new, old = (replace(recipe, software="megatron", date=y) for y in (2026.0, 2025.0))
    plan = Layout(1, 4, 16, ep=16, virtual=2, recompute="none")

    def exchange(r, p):
        return float(seconds(moe, r, machine, calibration, p).expert_parallel[0])

    def ratio(p):
        mature = calibration.stack("megatron").moe_maturity
        return exchange(new, p) / exchange(old, p) * mature(2026.0) / mature(2025.0)

    assert ratio(plan) < 0.8
    assert ratio(replace(plan, virtual=1)) == pytest.approx(1)
    assert ratio(replace(plan, ep=8)) == pytest.approx(1)
    assert ratio(replace(plan, recompute="full")) == pytest.approx(1)


def test_capacity_is_paid_by_experts_only(moe, recipe, machine, calibration):
    """Padded expert buffers cost expert and exchange time, at most in proportion, and nothing elsewhere."""
    plan = replace(PLAN, ep=8)
    one, two = (seconds(moe, replace(recipe, capacity=c), machine, calibration, plan) for c in (1.0, 2.0))
    assert 1.1 < two.experts[0] / one.experts[0] <= 2.0
    assert two.expert_parallel[0] > one.expert_parallel[0]
    assert two.matrix[0] == pytest.approx(one.matrix[0])
    assert (
        estimate(
            moe, replace(recipe, capacity=1.5), machine.with_(memory_gb=200), 512, calibration=calibration
        ).tokens_per_s
        < estimate(moe, recipe, machine.with_(memory_gb=200), 512, calibration=calibration).tokens_per_s
    )


@pytest.mark.parametrize("ratio", [2.0, 4.0])
def test_oversubscription_is_met_above_the_pod_only(ratio, dense, recipe, machine, calibration):
    """A cluster within a pod does not meet it; a larger one is slower, and slowest where all traffic meets it."""

    def rate(n, **network):
        return estimate(dense, recipe, machine.with_(**network), n, calibration=calibration).tokens_per_s

    assert rate(256, oversubscription=ratio, pod=256) == rate(256)
    everywhere, above, nowhere = (
        rate(1024, oversubscription=ratio), rate(1024, oversubscription=ratio, pod=256), rate(1024)
    )  # fmt: skip
    assert everywhere <= above < nowhere


def test_maturity_rises_with_time_and_saturates(calibration):
    """A newer release is never slower, gains ever less, and a younger part has more to gain."""
    stack = calibration.stack("megatron")
    rates = [stack.maturity(2025.0 + y, 2025.0) for y in range(1, 8)]
    gains = [b / a for a, b in itertools.pairwise(rates)]
    assert all(g >= 1 for g in gains)
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] < 1.01
    assert stack.maturity(2026.0, 2025.0) <= stack.maturity(2026.0, 2022.7)


def _ideal(t):
    """Time of the stage's own work, without the vocabulary projection's share of the pipeline."""
    return float(t.total[0] - t.pipeline[0] - t.data_parallel[0] - t.optimizer[0] - t.jitter[0])


def test_recompute_costs_a_forward_pass(dense, recipe, machine, calibration):
    """Full recomputation adds between a fifth and a half of the device time, selective less."""
    none, selective, full = (
        float(seconds(dense, recipe, machine, calibration, replace(PLAN, recompute=mode)).total[0])
        for mode in ("none", "selective", "full")
    )
    assert none < selective < full
    assert 1.15 < full / none < 1.5
