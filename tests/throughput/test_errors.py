"""What a person is told when a configuration cannot be."""

import pytest

from planner.errors import InputError
from planner.throughput.estimate import estimate
from planner.throughput.inputs import Constraint, Recipe


def test_too_little_memory_names_component_shortfall_and_what_would_fit(dense, recipe, machine, calibration):
    e = estimate(dense, recipe, machine.with_(memory_gb=8), 8, calibration=calibration)
    assert e.reason is not None
    assert e.tokens_per_s == 0
    for words in ("GB short", "the largest part is", "would fit with about", "accelerators"):
        assert words in e.reason


def test_heads_that_do_not_divide_are_explained(dense, recipe, machine, calibration):
    with pytest.raises(InputError, match="64 attention heads do not divide over tensor parallel 6"):
        estimate(dense, recipe, machine, 96, Constraint(tp=6), calibration)


def test_batch_smaller_than_data_parallel_is_explained(dense, machine, calibration):
    with pytest.raises(InputError, match="global batch 8 is smaller than data parallel 64"):
        estimate(dense, Recipe(4096, 8), machine, 64, Constraint(dp=64), calibration)


def test_all_faults_come_at_once(dense, recipe, machine, calibration):
    with pytest.raises(InputError) as caught:
        estimate(dense, recipe, machine, 8, Constraint(tp=6, pp=200, ep=4), calibration)
    assert len(caught.value.diagnostics) >= 3


def test_precision_falls_back_only_where_the_calibration_says(dense, machine, calibration):
    only16 = {"bf16": 300.0}
    e = estimate(dense, Recipe(4096, 1024, "fp8"), machine.with_(family="ascend-910b", peak_tflops=only16), 256)
    assert e.precision == "bf16"
    assert any("fp8 is not available" in note for note in e.notes)
    with pytest.raises(InputError, match="names no fallback"):
        estimate(dense, Recipe(4096, 1024, "fp8"), machine.with_(peak_tflops=only16), 256, calibration=calibration)


def test_unknown_names_suggest_the_nearest(dense, recipe, machine, calibration):
    with pytest.raises(InputError, match="no calibration is named 'ascend-910d'"):
        estimate(dense, recipe, machine.with_(family="ascend-910d"), 64, calibration=calibration)


def test_a_part_without_runs_has_a_wider_interval(dense, recipe, machine, calibration):
    with_rows = estimate(dense, recipe, machine.with_(family="h100"), 256, calibration=calibration)
    without = estimate(dense, recipe, machine.with_(family="h20"), 256, calibration=calibration)
    assert without.high / without.low > with_rows.high / with_rows.low
    assert any("no published runs" in note for note in without.notes)
