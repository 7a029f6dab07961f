"""The examples of docs/catalog.md work as written."""

import re
from pathlib import Path

import pytest

from planner.catalog.load import load_catalog
from planner.catalog.resolve import resolve_system

MANUAL = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text()
EXAMPLES = re.findall(r"```(\w+)\n(.*?)```", MANUAL, re.DOTALL)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `mine` with the manual's chip, in the working folder."""
    text = next(text for kind, text in EXAMPLES if kind == "yaml" and "mine/acme.yaml" in text)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "acme.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_new_chip_can_be_planned_with(mine: Path):
    system = resolve_system(load_catalog(["builtin", "mine"]), "acme-a1-8", buyer_country="CN")
    assert (system.accelerators, system.memory_gb, system.peak["bf16"]) == (8, 96, 500)


def test_the_changed_entry_keeps_the_rest(mine: Path):
    text = next(text for _, text in EXAMPLES if "power: 1.4 MW" in text)
    (mine / "pod.yaml").write_text(text)
    before = resolve_system(load_catalog(), "atlas-950-superpod-1024")
    after = resolve_system(load_catalog(["builtin", mine]), "atlas-950-superpod-1024")
    assert (after.power_kw, after.accelerators, after.peak) == (1400, before.accelerators, before.peak)


def test_the_python_runs(mine: Path, capsys: pytest.CaptureFixture[str]):
    (program,) = [text for kind, text in EXAMPLES if kind == "python"]
    exec(compile(program, "docs/catalog.md", "exec"), {})
    assert capsys.readouterr().out.startswith("9.0 per eight accelerators")
