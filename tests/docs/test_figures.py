"""The tool that rewrites figures finds its runs and its marks, and changes nothing else of a page."""

import importlib.util
from pathlib import Path

import pytest

from planner.analysis.questions import expand
from planner.scenario.load import load_scenario

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("worlds", ROOT / "tools" / "worlds.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_run_of_the_table_is_asked_and_every_question_is_in_it(tool):
    asked = {case.id for case in expand(load_scenario(tool.SCENARIO), ROOT / "examples" / "whatif-cn.yaml").cases}
    same = {"share-basis/units"}
    assert set(tool.WORLDS) == asked - same
    assert set(tool.SHUT) <= asked


@pytest.mark.parametrize("name", ["worlds", "no-regret", "studies", "uncertain", "examples"])
def test_only_what_stands_between_the_marks_is_replaced(tool, name, tmp_path):
    page = tool.EXAMPLES if name == "examples" else tool.PAGE
    before = page.read_text(encoding="utf-8")
    copy = tmp_path / page.name
    copy.write_text(before, encoding="utf-8")
    tool.write(copy, name, "| a |\n| --- |\n| 1 |")
    after = copy.read_text(encoding="utf-8")
    mark = f"<!-- figures: {name}, by make figures -->\n"
    head, rest = before.split(mark)
    assert after == f"{head}{mark}\n| a |\n| --- |\n| 1 |\n\n" + rest[rest.index("<!-- end of figures -->") :]


def test_a_page_without_the_mark_is_left_alone(tool, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="no figures marked worlds"):
        tool.write(page, "worlds", "x")
    assert page.read_text(encoding="utf-8") == "nothing\n"
