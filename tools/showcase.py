"""Solves the example for the README: docs/images/plan.svg, and the answer of a what-if between its marks."""

import io
import re
import sys
from pathlib import Path
from typing import Any

import yaml
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI

from planner import Plan, WhatIfs, load_scenario, run_whatifs, solve
from planner.report.model import Block, Report, Section, Table
from planner.report.plan.report import plan_report
from planner.report.terminal import show
from planner.report.whatif import whatif_report
from planner.scenario.load import catalog_of

ROOT = Path(__file__).parents[1]
SCENARIO, QUESTIONS = "examples/hyperscaler-cn.yaml", "examples/whatif-cn.yaml"
PICTURE = ROOT / "docs" / "images" / "plan.svg"
SHOWN = ("Verdict", "Build-out", "Throughput against target", "What the rules cost")
"""Sections of the report in the picture, each up to its first table."""
ASKED = ("ban-lifted", "both-gates-open", "ban-on-all-nvidia", "ascend-halved", "hbm-cut-off", "power-less-30")
"""Questions of the file whose answers are shown."""
WIDTH = 100
SVG = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's picture of a terminal, with the reader's own fonts instead of a font from the network."""


def main(arguments: list[str]) -> int:
    """Everything, or only what is named: picture, whatif."""
    scenario = load_scenario(ROOT / SCENARIO)
    if not arguments or "picture" in arguments:
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(picture(solve(scenario)), encoding="utf-8")
    if not arguments or "whatif" in arguments:
        readme = ROOT / "README.md"
        text = readme.read_text(encoding="utf-8")
        readme.write_text(between_marks(text, answer(run_whatifs(scenario, questions()))), encoding="utf-8")
    return 0


def questions() -> list[dict[str, Any]]:
    """The questions that are shown, as the file asks them."""
    every = yaml.safe_load((ROOT / QUESTIONS).read_text(encoding="utf-8"))["questions"]
    return [question for question in every if question["id"] in ASKED]


def picture(plan: Plan) -> str:
    """Some sections of a plan's report as a terminal shows them."""
    console = _console(record=True)
    report = plan_report(plan)
    show(_only(report, SHOWN), console)
    svg = console.export_svg(title=f"planner plan {SCENARIO}", theme=MONOKAI, code_format=SVG, unique_id="plan")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def answer(found: WhatIfs) -> str:
    """The comparison table of some what-ifs as a terminal shows it."""
    console = _console(record=False)
    report = whatif_report(found, catalog_of(found.scenario))
    show(_only(report, ("Comparison",)), console)
    assert isinstance(console.file, io.StringIO)
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    return "\n".join(lines[2:])


def between_marks(text: str, shown: str) -> str:
    """The README with `shown` as the block after its mark."""
    mark = "<!-- made by make showcase -->\n```text\n"
    pattern = rf"({mark})(?:(?!```).*\n)*"
    replaced, count = re.subn(pattern, lambda found: f"{found[1]}{shown}\n", text, count=1)
    if count != 1:
        raise SystemExit("README.md has no block marked `made by make showcase`")
    return replaced


def _only(report: Report, titles: tuple[str, ...]) -> Report:
    """Some sections of a report, each up to its first table."""
    found = [section for section in report.sections if section.title in titles]
    return Report(report.title, tuple(Section(section.title, _start(section.blocks)) for section in found))


def _start(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    first = next((n for n, block in enumerate(blocks) if isinstance(block, Table)), len(blocks))
    return blocks[: first + 1]


def _console(*, record: bool) -> Console:
    plain = {"markup": False, "highlight": False, "emoji": False, "color_system": "truecolor" if record else None}
    return Console(file=io.StringIO(), width=WIDTH, record=record, force_terminal=record, **plain)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
