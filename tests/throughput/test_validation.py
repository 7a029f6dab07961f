"""Predictions against the published measurements: the thresholds that the model must keep."""

import statistics
from collections import defaultdict

import pytest

from planner.throughput import runs as files
from planner.throughput.calibration import FAMILY_PARAMETERS
from planner.throughput.crossval import usable
from planner.throughput.fitting import held_out_rows
from planner.throughput.validate import summary, to_dict, validate


@pytest.fixture(scope="module")
def known():
    from planner.throughput.calibration import load

    return usable(files.runs(files.read(files.shipped()), load())[0])


@pytest.fixture(scope="module")
def rows(known):
    from planner.throughput.calibration import load

    return validate(known, load())


def test_shipped_calibration_meets_its_thresholds(rows):
    """On the rows it was fitted to; the held-out figures are in docs/throughput.md."""
    s = summary(rows)
    dense = s["dense_given"]
    assert dense["median"] <= 0.045
    assert dense["mean"] <= 0.066
    assert dense["p90"] <= 0.145
    assert s["moe"]["mean"] <= 0.185
    assert s["by_family"]["ascend-910b"]["mean"] <= 0.11
    assert s["by_family"]["h100"]["mean"] <= 0.06


def test_nothing_that_ran_is_called_impossible(rows):
    assert [r.id for r in rows if r.reason] == []


def test_memory_is_within_a_tenth(rows):
    assert summary(rows)["memory"]["median"] <= 0.10


def test_intervals_cover_what_they_promise(rows):
    assert 0.75 <= summary(rows)["all"]["coverage"] <= 0.90


def test_families_with_many_rows_beat_the_null_model(rows):
    by = summary(rows)["by_family"]
    beaten = [name for name, s in by.items() if s["rows"] >= 10 and s["mean"] >= s["null_mean"]]
    assert set(beaten) <= {"tpu-v5e", "tpu-v6e"}, beaten


def test_the_chosen_layout_is_nearly_the_best_measured(known, rows):
    """Among the measured layouts of one job, the one predicted fastest loses little against the best."""
    jobs = defaultdict(list)
    for run, r in zip(known, rows, strict=True):
        if r.source == "vtrain":
            jobs[run.transformer.id, run.accelerators, run.recipe.global_batch].append(r)
    regrets = []
    for group in jobs.values():
        if len(group) >= 10:
            chosen = max(group, key=lambda r: r.predicted)
            regrets.append(1 - chosen.measured / max(r.measured for r in group))
    assert len(regrets) == 4
    assert statistics.fmean(regrets) <= 0.015


def test_no_family_has_more_than_eight_fitted_numbers(calibration):
    assert len(FAMILY_PARAMETERS) <= 8
    assert all(set(f.values) <= set(FAMILY_PARAMETERS) for f in calibration.families.values())


def test_rows_have_the_promised_fields(rows):
    document = to_dict(rows[:3])
    assert {"id", "measured", "predicted", "error", "low", "high"} <= set(document["rows"][0])
    assert "summary" in document


def test_one_source_held_out(known):
    """A quick cross-validation: only sources of several rows of one family, fitted without each in turn."""
    some = [r for r in known if r.family == "h100" and r.kind == "dense" and r.source not in ("mosaic", "mlperf")]
    held = [r for r in held_out_rows(some) if not r.searched]
    assert statistics.median(abs(r.error) for r in held) <= 0.10


def test_incomplete_rows_are_skipped_or_relaxed_not_fatal():
    """Shapes with holes are left out with a reason; sizes that do not multiply out or an unknown precision are not."""
    from planner.throughput.calibration import load

    data = files.read(files.shipped())
    row = next(r for r in data["rows"] if r["id"] == "narayanan21_18b_256")
    holes = {**data["models"][row["model"]], "kv_heads": None}
    odd = {**row, "id": "odd", "precision": "fp6", "parallel": {**row["parallel"], "dp": 33}, "family": "H999"}
    small = {
        **data,
        "models": {**data["models"], "holes": holes},
        "rows": [odd, {**row, "id": "holes", "model": "holes"}, {**row, "id": "none", "tok_s_acc": None}],
    }
    known, skipped = files.runs(small, load())
    assert [r.id for r in known] == ["odd"]
    assert [s.id for s in skipped] == ["holes", "none"]
    assert validate(known, load())[0].predicted > 0
