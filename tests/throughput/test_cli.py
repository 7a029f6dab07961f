"""The commands: documents on stdout, exit codes, and text that fits a terminal."""

import json
from importlib.util import find_spec

import pytest
import yaml
from typer.testing import CliRunner

from planner.cli.main import app

MODEL, SYSTEM = "llama3-70b", "atlas-800t-a2"


def run(*words: str):
    return CliRunner().invoke(app, ["throughput", *words])


def test_estimate_as_json():
    done = run("estimate", MODEL, SYSTEM, "-n", "256", "--seq", "8192", "--batch", "512", "--json")
    assert done.exit_code == 0, done.output
    e = json.loads(done.stdout)["estimate"]
    assert e["low"] < e["tokens_per_s"] < e["high"]
    assert sum(e["time"].values()) == pytest.approx(e["step_time_s"])
    assert e["layout"]["tp"] * e["layout"]["pp"] * e["layout"]["dp"] * e["layout"]["cp"] <= 256


def test_text_fits_eighty_columns():
    for words in (
        ("estimate", MODEL, SYSTEM, "-n", "256"),
        ("estimate", "llama3-405b", SYSTEM, "-n", "8"),
        ("curve", MODEL, SYSTEM, "atlas-900-a3-superpod", "--sizes", "256,512"),
    ):
        done = run(*words)
        assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_what_cannot_fit_ends_with_code_three_and_null_step_time():
    done = run("estimate", "llama3-405b", SYSTEM, "-n", "8", "--json")
    assert done.exit_code == 3
    e = json.loads(done.stdout)["estimate"]
    assert e["step_time_s"] is None
    assert "GB short" in e["reason"]


def test_curve_as_json():
    done = run("curve", MODEL, SYSTEM, "--sizes", "256,512", "--json")
    assert [e["accelerators"] for e in json.loads(done.stdout)["curves"][SYSTEM]] == [256, 512]


def test_unknown_names_end_with_code_one():
    assert run("estimate", "llama3-71b", SYSTEM, "-n", "8").exit_code == 1
    assert run("estimate", MODEL, SYSTEM, "-n", "8", "--precision", "fp9").exit_code == 1


def test_measure_without_torch_says_so():
    if find_spec("torch"):
        pytest.skip("torch is installed")
    done = run("measure", "--json")
    assert done.exit_code == 1
    assert "torch is not installed" in json.loads(done.stdout)["diagnostics"][0]["message"]


def test_validate_reads_a_file_of_its_own(tmp_path):
    """A file of one run in the shipped form is read as it is."""
    from planner.throughput.runs import read, shipped

    data = read(shipped())
    data["rows"] = [r for r in data["rows"] if r["source"] == "narayanan21"]
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(data))
    done = run("validate", str(path), "--json")
    document = json.loads(done.stdout)
    assert len(document["rows"]) == 6
    assert document["summary"]["all"]["rows"] == 6


def test_fit_of_own_runs_writes_an_overlay_that_moves_the_prediction(tmp_path):
    """Runs a third slower than predicted lower the prediction of their family, and only touch that."""
    from planner.throughput.runs import read, shipped

    data = read(shipped())
    data["rows"] = [r for r in data["rows"] if r["source"] == "mindspeed_rc"][:12]
    for row in data["rows"]:
        row["tok_s_acc"] *= 0.66
        row["source"] = "mine"
    mine, overlay = tmp_path / "mine.yaml", tmp_path / "overlay.yaml"
    mine.write_text(yaml.safe_dump(data))
    done = run("fit", str(mine), "-o", str(overlay), "--quick", "--json")
    assert done.exit_code == 0, done.output
    assert [f["id"] for f in yaml.safe_load(overlay.read_text())["families"]] == ["ascend-910b"]

    def rate(*more: str) -> float:
        done = run("estimate", MODEL, SYSTEM, "-n", "256", "--json", *more)
        return float(json.loads(done.stdout)["estimate"]["tokens_per_s"])

    assert rate("--calibration", str(overlay)) < 0.95 * rate()
