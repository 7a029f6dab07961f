"""The calibration's data: ids, relatives, sources, and how a run's words name its software."""

import math

import pytest
import yaml

from planner.throughput.calibration import FAMILY_PARAMETERS, digest, folder, load


@pytest.fixture(scope="module")
def sources():
    data = yaml.safe_load((folder().parent / "sources.yaml").read_text(encoding="utf-8"))
    return {s["id"] for s in data["sources"]}


def test_every_family_has_all_numbers_and_sane_shares(calibration):
    for f in calibration.families.values():
        assert set(f.values) == set(FAMILY_PARAMETERS)
        assert all(0.05 < f.values[k] <= 1 for k in FAMILY_PARAMETERS if k not in ("moe", "overhead")), f.id
        assert 0 < f.values["overhead"] < 1e-3
        assert all(0.01 < s < 1 for s in f.spread.values())


def test_every_accelerator_of_the_catalog_names_a_calibration(calibration):
    from planner.catalog.load import load_catalog

    named = {a.performance_family for a in load_catalog().accelerators.values() if a.performance_family}
    assert named <= set(calibration.families)


def test_sources_exist(sources):
    families = yaml.safe_load((folder() / "families.yaml").read_text(encoding="utf-8"))["calibrations"]
    assert {f["source"] for f in families} <= sources | {"assumed"}
    reliability = yaml.safe_load((folder() / "reliability.yaml").read_text(encoding="utf-8"))["reliability"]
    facts = [v for entry in reliability for v in entry.values() if isinstance(v, dict)]
    assert {s for fact in facts for s in fact["source"]} <= sources
    assert all(fact["low"] <= fact["mid"] <= fact["high"] for fact in facts)


@pytest.mark.parametrize(
    ("words", "stack", "year"),
    [
        ("NeMo 24.09", "megatron", 2024.7),
        ("NeMo container 26.06, Megatron-Bridge", "megatron", 2026.5),
        ("Megatron-DeepSpeed (1F1B)", "megatron-deepspeed-eager", 2022.5),
        ("Primus Megatron, schedule 1f1b", "primus", 2025.5),
        ("MindSpeed-LLM 1.0.RC3 legacy", "mindspeed-legacy", 2024.8),
        ("MLPerf Training v4.1 Google cloud-tpu-trillium-1024-maxtext", "maxtext", 2024.8),
        ("MLPerf Training v3.1 Intel-HabanaLabs HLS-Gaudi2-N48-PT", "synapse", 2023.8),
    ],
)
def test_a_runs_words_name_stack_and_release(words, stack, year, calibration):
    found, date = calibration.match_software(words, None, calibration.family("h100"))
    assert found.id == stack
    assert date == pytest.approx(year, abs=0.1)


def test_routed_layers_gain_up_to_the_newest_release_and_no_further(calibration):
    stack = calibration.stack("megatron")
    years = [stack.moe_maturity(y) for y in (2023.0, 2024.0, 2025.0, stack.newest, 2035.0)]
    assert years == sorted(years)
    assert years[-1] == years[-2] == stack.moe_maturity(None)


def test_the_digest_names_the_calibration_in_use(tmp_path):
    """Two calls agree; any other number gives another digest."""
    path = tmp_path / "overlay.yaml"
    path.write_text("families: [{id: h100, parameters: {gemm: 0.5}, rows: 3}]\n")
    assert digest() == load().digest
    assert len(digest()) == 16
    assert digest(path) != digest()


def test_an_overlay_replaces_only_what_it_names(tmp_path):
    path = tmp_path / "overlay.yaml"
    path.write_text("families: [{id: h100, parameters: {gemm: 0.5}, rows: 3}]\n")
    mine, shipped = load(path).family("h100"), load().family("h100")
    assert mine.values["gemm"] == 0.5
    assert {k: v for k, v in mine.values.items() if k != "gemm"} == {
        k: v for k, v in shipped.values.items() if k != "gemm"
    }


def test_a_relative_keeps_its_own_measured_share():
    """A part without rows takes its relative's numbers, scaled by what is measured of the part itself."""
    c = load()
    gh, h = c.family("gh200"), c.family("h100")
    assert gh.values["gemm"] == pytest.approx(h.values["gemm"] * 0.84 / 0.80)
    assert gh.values["memory"] == h.values["memory"]
    assert gh.spread["dense"] == pytest.approx(math.hypot(h.spread["dense"], 0.12))


def test_a_run_without_words_takes_the_stack_of_its_time(calibration):
    """Before flash attention the predecessor; fully sharded, the sharded stack; else the family's own."""
    h = calibration.family("h100")
    assert calibration.match_software(None, "new", h, "arXiv:2104.00001")[0].id == "megatron-2021"
    assert calibration.match_software(None, "new", h, "arXiv:2401.09149", 3)[0].id == "composer"
    found, date = calibration.match_software(None, "new", h, "arXiv:2401.09149", 1)
    assert found.id == "megatron"
    assert date == pytest.approx(2024.04, abs=0.01)
