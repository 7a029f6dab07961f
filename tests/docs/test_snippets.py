"""Code and YAML on the pages work, or stand in the repository as they are shown."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from planner.catalog.load import load_catalog
from planner.catalog.national import national_supply
from planner.catalog.resolve import resolve_region
from tests.docs.pages import ROOT, blocks, text

EXAMPLE, SMALL = "examples/hyperscaler-cn.yaml", ROOT / "tests" / "docs" / "small.yaml"


def test_the_python_of_the_readme_runs(capsys):
    """On a small scenario instead of the example."""
    (program,) = blocks("README.md", "python")
    assert EXAMPLE in program
    found: dict = {}
    exec(compile(program.replace(EXAMPLE, str(SMALL)), "README.md", "exec"), found)
    assert len(found["builds"]) > 0
    assert "dear-money" in capsys.readouterr().out


def test_the_questions_of_the_readme_are_those_of_the_example():
    (shown,) = (yaml.safe_load(block)["questions"] for block in blocks("README.md", "yaml"))
    asked = yaml.safe_load(text("examples/whatif-cn.yaml"))["questions"]
    assert all(question in asked for question in shown)


def test_the_answer_shown_is_to_the_questions_of_the_example():
    asked = {question["id"] for question in yaml.safe_load(text("examples/whatif-cn.yaml"))["questions"]}
    shown = re.findall(r'"([a-z0-9-]+)"', re.findall(r"^ASKED = \((.*)\)$", text("tools/showcase.py"), re.MULTILINE)[0])
    assert set(shown) <= asked
    assert all(f"\n{name} " in text("README.md") for name in shown), "run make showcase"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A catalog folder with the files of docs/extending.md."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for block in blocks("docs/extending.md", "yaml"):
        name = re.match(r"# mine/([\w.]+)", block)
        assert name is not None
        (folder / name[1]).write_text(block, encoding="utf-8")
    return folder


def test_the_supply_and_the_region_can_be_planned_with(mine):
    catalog = load_catalog(["builtin", mine])
    year = national_supply(catalog, "baidu-kunlun-p800", date(2027, 1, 1), date(2028, 1, 1))
    assert (year.accelerators, year.records) == (150000, ("p800-2027-report",))
    region = resolve_region(catalog, "cn-example")
    assert (region.tariff.amount, region.pue["air"]) == (0.41, 1.35)


@pytest.mark.parametrize("block", blocks("docs/extending.md", "python"), ids=lambda block: block.split("(")[0])
def test_code_that_is_shown_is_the_code(block):
    """Layout aside: whoever changes the function changes the page."""

    def bare(code: str) -> str:
        return "".join(code.split())

    sources = [*ROOT.glob("planner/optimize/**/*.py"), *ROOT.glob("planner/plan/verify/*.py")]
    assert any(bare(block) in bare(source.read_text(encoding="utf-8")) for source in sources)
