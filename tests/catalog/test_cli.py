"""`planner catalog` from outside: data on stdout, talk on stderr, exit codes, 80 columns."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from planner.cli.main import app


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["catalog", *arguments])

    return call


def data(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_list_counts_kinds(run):
    result = run("list")
    assert result.exit_code == 0
    assert "accelerators" in result.stdout


@pytest.mark.parametrize(
    "kind", ["accelerators", "systems", "fabrics", "regions", "supply", "assumptions", "sources", "economics"]
)
def test_lists_fit_the_terminal(run, kind: str):
    result = run("list", kind)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert result.stderr.startswith(tuple("0123456789"))


def test_filters_keep_what_fits(run):
    found = data(run("list", "accelerators", "--vendor", "huawei", "--released-before", "2026-07", "--json"))
    ids = [entry["id"] for entry in found["entries"]]
    assert "huawei-ascend-910c" in ids
    assert all(i.startswith("huawei") for i in ids)
    assert "huawei-ascend-960" not in ids


def test_show_gives_every_fact_with_its_source(run):
    (entry,) = data(run("show", "nvidia-h100-sxm", "--json"))["entries"]
    memory = entry["fields"]["memory"]
    assert (memory["value"], memory["unit"]) == (80, "GB")
    assert memory["source"]
    assert memory["place"].endswith("nvidia.yaml:" + memory["place"].split(":", 1)[1])
    assert entry["fields"]["tpp"]["computed"] is True


def test_show_why_names_sources_and_assumptions(run):
    result = run("show", "atlas-800t-a2", "--why")
    assert result.exit_code == 0
    assert "github:Ascend/msmodeling" in result.stdout
    assert "filled or widened by assumptions" in result.stdout


def test_several_are_set_side_by_side(run):
    result = run("show", "huawei-ascend-910c", "nvidia-h100-sxm")
    assert result.exit_code == 0
    head = result.stdout.splitlines()[0].split()
    assert head == ["FIELD", "huawei-ascend-910c", "nvidia-h100-sxm"]
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_an_alias_of_several_shows_them_all(run):
    assert [e["id"] for e in data(run("show", "H20", "--json"))["entries"]] == ["nvidia-h20-96gb", "nvidia-h20-141gb"]


def test_an_unknown_id_is_told_with_the_nearest(run):
    result = run("show", "huawei-ascend-910cc")
    assert result.exit_code == 1
    assert "did you mean" in result.stderr
    assert result.stdout == ""


def test_an_unknown_kind_and_a_wrong_date(run):
    assert run("list", "chips").exit_code == 1
    assert run("list", "systems", "--released-before", "soon").exit_code == 2


def test_diff_of_two_entries(run):
    changes = data(run("diff", "nvidia-h100-sxm", "nvidia-h800-sxm", "--json"))["changes"]
    link = next(c for c in changes if c["field"] == "scale_up_bandwidth")
    assert (link["old"], link["new"]) == ("450 GB/s", "200 GB/s")


def test_diff_of_two_folders_lists_what_came_went_and_changed(run, tmp_path: Path):
    for name, entries in (
        ("old", "{id: a, name: A}, {id: b, name: B}"),
        ("new", "{id: b, name: B, country: CN}, {id: c, name: C}"),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "sources.yaml").write_text("sources: []\n")
        (folder / "vendors.yaml").write_text(f"vendors: [{entries}]\n")
    result = run("diff", str(tmp_path / "old"), str(tmp_path / "new"))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["- vendors.a", "+ vendors.b.country: CN", "+ vendors.c"]


def test_a_name_for_several_is_not_guessed_in_a_diff(run):
    result = run("diff", "H20", "nvidia-h100-sxm")
    assert result.exit_code == 1
    assert "stands for 2 accelerators: nvidia-h20-96gb, nvidia-h20-141gb" in result.stderr


def test_a_name_that_two_kinds_know_is_said(run):
    result = run("show", "atlas-950-superpod")
    assert result.stdout.startswith("atlas-950-superpod-1024: ")
    assert result.stderr == "atlas-950-superpod is also known among roadmap: --kind roadmap\n"
    assert run("show", "atlas-950-superpod", "--kind", "roadmap").stdout.splitlines()[1].startswith("roadmap entry, ")


def test_an_entry_equals_itself(run):
    assert run("diff", "nvidia-h100-sxm", "nvidia-h100-sxm").stdout == "no difference\n"


def test_check_ends_with_1_when_something_is_found(run, tmp_path: Path):
    (tmp_path / "chip.yaml").write_text("accelerators: [{id: x, name: X, vendor: nvidia, memory: 1 GB}]\n")
    result = run("check", str(tmp_path))
    assert result.exit_code == 1
    assert f"{tmp_path}/chip.yaml:1:57: warning[no-source]: x: memory has no source" in result.stderr
    found = run("check", str(tmp_path), "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["findings"][0]["code"] == "no-source"
