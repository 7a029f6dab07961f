"""Measurements of one's own: the recorded ones hold the model to its word, and an overlay made of them works."""

import json
import statistics
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from typer.testing import CliRunner

from planner.catalog.load import load_catalog
from planner.cli.main import app
from planner.errors import InputError
from planner.throughput.bench.device import Node, attempt, find
from planner.throughput.bench.kernels import attention_shapes, matrix_products, products_of
from planner.throughput.bench.layer import shape_of
from planner.throughput.bench.plan import FULL, LLAMA_4K
from planner.throughput.calibration import folder, load
from planner.throughput.compare import View, compare, family_of, machine_for, summary
from planner.throughput.compare_view import compare_text
from planner.throughput.measure import Record, quickest, read, save
from planner.throughput.overlay import fitted, overlay, write_overlay

HERE = folder().parent / "measurements"
PARTS = ("h100", "h200")


def recorded(part: str) -> Record:
    return read(HERE / f"kernels-{part}.yaml")


def view_of(part: str, calibration) -> View:
    record = recorded(part)
    return View(machine_for(load_catalog(), calibration, record.about["device"]), calibration)


@pytest.fixture(scope="module")
def views():
    return {part: view_of(part, load()) for part in PARTS}


@pytest.fixture(scope="module")
def overlays(views):
    return {part: fitted(recorded(part), views[part]) for part in PARTS}


def errors(record: Record, view: View, kind: str) -> list[float]:
    return sorted(abs(c.error) for c in compare(record, view) if c.row["kind"] == kind)


@pytest.mark.parametrize("part", PARTS)
def test_shipped_numbers_predict_measured_layers_and_steps(part, views):
    """25 layers, forward and backward: median 10 %, nine of ten within 25 %; every training step within 15 %."""
    found = errors(recorded(part), views[part], "layer")
    assert len(found) == 25
    assert statistics.median(found) < 0.10
    assert found[22] < 0.25
    steps = errors(recorded(part), views[part], "step")
    assert len(steps) == 7
    assert steps[-1] < 0.15


@pytest.mark.parametrize("part", PARTS)
def test_shipped_numbers_predict_measured_experts(part, views):
    """Routed experts of one device, wide and narrow, few and many copies each: median 30 %, every one within 45 %."""
    found = errors(recorded(part), views[part], "experts")
    assert len(found) == 6
    assert statistics.median(found) < 0.30
    assert found[-1] < 0.45


@pytest.mark.parametrize("part", PARTS)
def test_with_measured_numbers_the_formulas_fit_kernels_and_layers(part, views, overlays):
    """The formulas, not only their sums: with five numbers of this device, over all its shapes."""
    view = views[part].changed({r.name: r.measured for r in overlays[part]})
    record = recorded(part)
    assert statistics.median(errors(record, view, "gemm")) < 0.05
    assert errors(record, view, "gemm")[-10] < 0.25
    assert statistics.median(errors(record, view, "attention")) < 0.10
    layers = errors(record, view, "layer")
    assert statistics.median(layers) < 0.03
    assert layers[-1] < 0.12


def test_layers_of_one_kind_predict_those_of_the_other(views):
    """The element-wise share, found on GPT layers alone, predicts Llama layers that it has not seen."""
    record = recorded("h200")
    seen = Record(record.about, tuple(r for r in record.rows if not str(r.get("what")).startswith("llama")
                                      or r["kind"] != "layer"))  # fmt: skip
    view = views["h200"].changed({r.name: r.measured for r in fitted(seen, views["h200"])})
    unseen = [abs(c.error) for c in compare(record, view) if c.row["kind"] == "layer" and "llama" in c.row["what"]]
    assert statistics.median(unseen) < 0.05


def test_the_same_silicon_measures_alike(overlays):
    """H100 and H200 share a core: products and attention agree within 5 %, memory shares need not."""
    one, other = ({r.name: r.measured for r in overlays[part]} for part in PARTS)
    for name in ("gemm", "low", "attention"):
        assert one[name] == pytest.approx(other[name], rel=0.05)


def test_the_fit_finds_the_numbers_that_made_the_rows(views):
    """Rows made by the model under known numbers give those numbers back."""
    truth = {"gemm": 0.65, "overhead": 6e-6, "low": 0.55, "attention": 0.45, "memory": 0.6}
    view = views["h100"].changed(truth)
    rows = [*matrix_products(FULL), *attention_shapes(FULL)]
    rows += [{"kind": "layer", **shape_of(t), "seq": s, "micro_batch": b, "mode": "eager"} for t, s, b in FULL.layers]
    record = Record({"device": "made up"}, tuple({**r, "ms": view.ms(r)} for r in rows))
    found = {r.name: r.measured for r in fitted(record, views["h100"])}
    assert found == {name: pytest.approx(value, rel=0.03) for name, value in truth.items()}


def test_collectives_set_the_link_that_they_crossed(views):
    """Inside a node the scale-up share, beyond it the scale-out share; an all-reduce is two passes."""
    for name, inside in (("scale_up", 8), ("scale_out", 1)):
        view = views["h100"].changed({name: 0.61})
        shape = {"kind": "collective", "ranks": 8, "inside": inside}
        rows = [{**shape, "op": op, "bytes": 2**e} for op in ("all-gather", "all-reduce") for e in (20, 25, 29)]
        made = Record({"device": "made up"}, tuple({**r, "ms": view.ms(r)} for r in rows))
        assert [(r.name, r.measured) for r in fitted(made, views["h100"])] == [(name, pytest.approx(0.61, rel=0.01))]
    bound_inside = [{**r, "inside": 4} for r in rows]  # four to a node: the node's own link is what limits
    made = Record({"device": "made up"}, tuple({**r, "ms": view.ms(r)} for r in bound_inside))
    assert fitted(made, views["h100"]) == []


def test_an_overlay_moves_the_estimate_and_nothing_else(tmp_path, views, overlays):
    """Slower products than shipped lower a job that they bound; unmeasured numbers and the interval stay."""
    path = tmp_path / "node.yaml"
    write_overlay(overlay(recorded("h100"), views["h100"], overlays["h100"]), path)
    written = yaml.safe_load(path.read_text())["families"][0]
    shipped, mine = load().family("h100"), load(path).family("h100")
    measured = set(written["replaces"])
    assert measured == {"gemm", "overhead", "low", "attention", "memory"}
    assert written["measured"]["device"] == "NVIDIA H100 80GB HBM3"
    assert {k: v for k, v in mine.values.items() if k not in measured} == {
        k: v for k, v in shipped.values.items() if k not in measured
    }
    assert (mine.spread, mine.rows) == (shipped.spread, shipped.rows)

    def seconds(*more: str) -> dict[str, float]:
        words = ("throughput", "estimate", "llama3-70b", "dgx-h100", "-n", "64", "--tp", "8", "--pp", "2", "--json")
        done = CliRunner().invoke(app, [*words, *more])
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout)["estimate"]["time"])

    before, after = seconds(), seconds("--calibration", str(path))
    assert (after["matrix"] > before["matrix"]) == (mine.values["gemm"] < shipped.values["gemm"])
    assert (after["attention"] < before["attention"]) == (mine.values["attention"] > shipped.values["attention"])
    assert after["tensor_parallel"] == pytest.approx(before["tensor_parallel"])


def test_a_part_that_leans_on_a_relative_keeps_the_relatives_other_numbers(tmp_path):
    """An overlay for a family without rows names all numbers, so that none falls back to the mean of all."""
    calibration = load()
    machine = machine_for(load_catalog(), calibration, "Ascend910C")
    view = View(machine, calibration)
    rows = [{**r, "ms": view.ms(r) * 1.2} for r in matrix_products(FULL) if r["precision"] == "bf16"]
    path = tmp_path / "node.yaml"
    record = Record({"device": "Ascend910C"}, tuple(rows))
    write_overlay(overlay(record, view, fitted(record, view)), path)
    mine, shipped = load(path).family("ascend-910c"), calibration.family("ascend-910c")
    assert mine.values["gemm"] < shipped.values["gemm"]
    assert {k: mine.values[k] for k in ("attention", "scale_up", "scale_out", "moe")} == pytest.approx(
        {k: shipped.values[k] for k in ("attention", "scale_up", "scale_out", "moe")}
    )
    assert mine.spread == pytest.approx(shipped.spread)


@pytest.mark.parametrize(
    ("device", "family"),
    [
        ("NVIDIA H100 80GB HBM3", "h100"),
        ("NVIDIA GH200 480GB", "gh200"),
        ("NVIDIA A100-SXM4-80GB", "a100"),
        ("AMD Instinct MI300X", "mi300x"),
        ("Ascend910B2", "ascend-910b"),
    ],
)
def test_a_devices_name_tells_its_family(device, family, calibration):
    assert family_of(device, calibration) == family


def test_an_unknown_device_or_a_wrong_system_is_refused_before_anything_is_measured(calibration):
    with pytest.raises(InputError, match="no calibration family"):
        family_of("Tesla T4", calibration)
    with pytest.raises(InputError, match="is of the calibration family 'h200', not 'h100'"):
        machine_for(load_catalog(), calibration, "any", "h100", "dgx-h200")


def test_one_impossible_row_does_not_end_a_measurement():
    """Out of memory and missing kernels are noted with their reason; the memory is given back."""
    emptied: list[int] = []
    node = Node(None, SimpleNamespace(empty_cache=lambda: emptied.append(1)), "cuda")

    def fail(error: Exception):
        raise error

    for error, reason in (
        (RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"), "out of memory"),
        (NotImplementedError("no fp8 here\nlong story"), "no fp8 here"),
        (AttributeError(), "AttributeError"),
    ):
        assert attempt(node, {"kind": "gemm"}, partial(fail, error)) == {"kind": "gemm", "failed": reason}
    assert attempt(node, {"kind": "gemm"}, lambda: {"ms": 1.0}) == {"kind": "gemm", "ms": 1.0}
    assert len(emptied) == 4


def test_no_device_is_said(monkeypatch):
    torch = SimpleNamespace(cuda=SimpleNamespace(is_available=lambda: False))
    monkeypatch.setitem(sys.modules, "torch", torch)
    with pytest.raises(InputError, match="torch sees no accelerator"):
        find()


def test_more_processes_than_accelerators_are_refused(monkeypatch):
    torch = SimpleNamespace(cuda=SimpleNamespace(is_available=lambda: True, device_count=lambda: 1))
    monkeypatch.setitem(sys.modules, "torch", torch)
    for name, value in (("RANK", "1"), ("LOCAL_RANK", "1"), ("WORLD_SIZE", "2")):
        monkeypatch.setenv(name, value)
    with pytest.raises(InputError, match="2 processes were started on this node, which has 1 of cuda"):
        find()


def test_the_shapes_of_a_share_are_those_of_the_whole_cut():
    """Products of all shares together hold each weight once, except keys and values that are too few to cut."""
    for tp in (1, 2, 4, 8):
        held = sum(tp * out * into for _, out, into in products_of(LLAMA_4K, tp))
        assert held == 4096 * (4096 * 2 + 2 * 8 * 128) + 3 * 4096 * 14336


def test_the_quickest_attention_kernel_is_used_for_layers():
    assert quickest(list(recorded("h100").rows)) == "cudnn"
    assert quickest([]) is None


@pytest.mark.parametrize("part", PARTS)
def test_a_record_is_read_as_it_was_written(part, tmp_path):
    record = recorded(part)
    save(record, tmp_path / "copy.yaml")
    assert read(tmp_path / "copy.yaml") == record
    sources = yaml.safe_load((folder().parent / "sources.yaml").read_text(encoding="utf-8"))["sources"]
    assert record.about["source"] in {s["id"] for s in sources}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"kind": "gem", "ms": 1}, "is of no known kind"),
        ({"kind": "launch", "mode": "host"}, "has neither a time"),
        ({"kind": "launch", "mode": "host", "ms": 0}, "ms is not a number above 0"),
        ({"kind": "optimizer", "mode": "fused", "ms": 1.0}, "lacks parameters, gbs"),
        (
            {"kind": "optimizer", "mode": "fused", "ms": 1.0, "parameters": "many", "gbs": 3},
            "parameters is not a number",
        ),
    ],
)
def test_a_damaged_record_is_refused(row, fault, tmp_path):
    path = tmp_path / "record.yaml"
    path.write_text(yaml.safe_dump({"measured": {"device": "any"}, "rows": [row]}))
    with pytest.raises(InputError, match=fault):
        read(path)


def test_the_report_fits_eighty_columns_and_names_what_it_replaces(views, overlays):
    record = recorded("h100")
    failed = {"kind": "gemm", "what": "square", "precision": "fp8", "m": 1, "n": 1, "k": 1, "failed": "not here " * 20}
    text = compare_text(replace(record, rows=(*record.rows, failed)), views["h100"], overlays["h100"])
    assert max(len(line) for line in text.splitlines()) <= 80
    for words in (
        "one process: collectives not measured",
        "gemm",
        "not measured, kept: scale_up, scale_out, moe",
        "not here",
    ):
        assert words in text


def test_a_record_is_read_by_the_command(tmp_path):
    path = str(HERE / "kernels-h200.yaml")
    done = CliRunner().invoke(app, ["throughput", "measure", "--from", path, "--json", "-o", str(tmp_path / "o.yaml")])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["overlay"] == yaml.safe_load((tmp_path / "o.yaml").read_text())
    assert document["summary"]["layer, both passes"]["rows"] == 25
    assert CliRunner().invoke(app, ["throughput", "measure", "--from", path, "--quick"]).exit_code == 2


def test_groups_cover_every_compared_row(views):
    compared = compare(recorded("h100"), views["h100"])
    assert sum(s["rows"] for s in summary(compared).values()) == len(compared)
    assert Path(HERE / "kernels-h100.yaml").is_file()
