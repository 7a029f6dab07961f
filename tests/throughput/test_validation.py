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


def _file(row=None, model=None, system=None, **top):
    """A file of one row made from a shipped one."""
    data = files.read(files.shipped())
    made = {**next(r for r in data["rows"] if r["id"] == "mcore08_strong_177b_96"), **(row or {})}
    models, systems = dict(data["models"]), dict(data["systems"])
    if model is not None:
        models["mine"], made["model"] = {**models[made["model"]], **model}, "mine"
    if system is not None:
        systems["box"], made["system"] = {**systems[made["system"]], **system}, "box"
    return {**data, "models": models, "systems": systems, "rows": [made], **top}


LATENT = {"q_lora": None, "kv_lora": 512, "qk_nope": 128, "qk_rope": 64, "v": 128}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"row": {"precision": "fp6", "family": "H999", "parallel": {"tp": 8, "pp": 1, "dp": 33}}}, "precision fp8"),
        ({"row": {"family": "Zeta", "accelerator": "Zeta 9"}, "system": {"accelerator": "Zeta"}}, "mean of all"),
        ({"row": {"family": None}}, ""),
        ({"row": {"precision": "BF16"}}, ""),
        ({"row": {"precision": "bf16/fp8"}}, "precision fp8 for bf16/fp8"),
        ({"row": {"parallel": None}}, ""),
        ({"row": {"parallel": ["tp8"]}}, "parallel left open"),
        (
            {"row": {"parallel": {"tp": "8", "pp": 0, "zero": "fsdp", "mbs": 0.5, "recompute": ["x"]}}},
            "mbs 0.5 left open",
        ),
        ({"row": {"n": 97, "software": 12, "measured": {"mem_gib": "n/a"}, "slices": "two"}}, ""),
        ({"row": {"n": 1}}, ""),
        ({"row": {"seq": 10**7}}, ""),
        ({"row": {"model": None, "model_params_b": 200}}, "shape of 200B"),
        ({"model": {"kv_heads": None, "head_dim": None, "ffn": None}}, "shape: kv_heads"),
        ({"model": {"mla": LATENT}}, ""),
        ({"system": {"peak_tflops": None, "hbm_gb": None, "scaleup_size": None}}, "peak 989.4"),
        ({"sources": ["a"]}, ""),
    ],
)
def test_odd_rows_are_predicted_and_what_was_assumed_is_said(change, said):
    from planner.throughput.calibration import load

    known, skipped = files.runs(_file(**change), load())
    assert not skipped
    row = validate(known, load())[0]
    assert 0 < row.low < row.predicted < row.high < float("inf")
    assert any(said in a for a in row.assumed) or not said


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"row": {"tok_s_acc": "fast"}}, "tokens/s"),
        ({"row": {"tok_s_acc": float("nan")}}, "tokens/s"),
        ({"row": {"n": -4}}, "the number of accelerators -4 is not a whole number"),
        ({"row": {"seq": 0.5}}, "the sequence 0.5"),
        ({"row": {"gbs_seqs": -1}}, "the global batch -1"),
        ({"row": {"precision": "fp32"}}, "precision fp32 is not modelled"),
        ({"row": {"system": "none"}}, "system"),
        ({"row": {"model": "none"}}, "shape"),
        ({"model": {"mla": True}}, "latent attention of the model lacks"),
        ({"model": {"experts": 64, "top_k": None}}, "how many a token goes to"),
        ({"row": {"family": "Zeta"}, "system": {"accelerator": "Zeta", "peak_tflops": {"fp8": 5}}}, "bf16 peak"),
        ({"rows": ["text"]}, "tokens/s"),
        ({"models": [1]}, "shape"),
    ],
)
def test_rows_that_cannot_be_predicted_say_why(change, why):
    from planner.throughput.calibration import load

    known, skipped = files.runs(_file(**change), load())
    assert not known
    assert why in skipped[0].reason


def test_guessed_rows_are_predicted_with_a_wider_interval_but_not_scored():
    """A run without a published shape teaches nothing, neither the fit nor the summary."""
    from planner.throughput.calibration import load

    sure, guess = (
        validate(files.runs(_file(**c), load())[0], load())[0] for c in ({}, {"model": {"kv_heads": None}})
    )  # fmt: skip
    assert guess.guessed
    assert guess.high / guess.predicted > sure.high / sure.predicted
    assert summary([sure, guess])["all"]["rows"] == 1
    assert usable(files.runs(_file(model={"kv_heads": None}), load())[0]) == []


def test_a_query_without_a_rank_costs_its_full_projection(moe, recipe, machine, calibration):
    """More than one of rank h/8, and the parameters say so."""
    from dataclasses import replace

    import numpy as np

    from planner.throughput.arrays import shapes
    from planner.throughput.memory import parameters

    low = replace(moe, mla=replace(moe.mla, q_lora=moe.hidden // 8))
    full = replace(moe, mla=replace(moe.mla, q_lora=0))
    a, b = (parameters(shapes([t])).attention[0] for t in (low, full))
    width = moe.heads * (moe.mla.qk_nope + moe.mla.qk_rope)
    assert np.isclose(b - a, moe.hidden * width - moe.hidden // 8 * (moe.hidden + width))
