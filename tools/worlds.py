"""Solves the shipped what-ifs and examples anew, and rewrites their figures in docs/whatif.md and examples/README.md.

Each table of figures stands between two marks; what stands there is replaced, everything else is left as it is:

    worlds     docs/whatif.md      examples/whatif-cn.yaml: cost of every world, and its difference to the base
    no-regret  docs/whatif.md      what the plans of some of those worlds have ordered alike
    studies    docs/whatif.md      examples/whatif-cn-studies.yaml: where plans flip, which facts move the cost
    uncertain  docs/whatif.md      examples/whatif-cn-uncertain.yaml: ways to act, and what knowing is worth
    examples   examples/README.md  cost and gap of every shipped scenario

Sentences around the tables are not rewritten. So that they can be held against what was solved, the verdict of every
example goes to stdout, and so do the comparisons in words. README.md is `make showcase`.

    python tools/worlds.py                    everything (half an hour of one processor)
    python tools/worlds.py examples worlds    only these; worlds makes no-regret too
    python tools/worlds.py --keep FOLDER      keeps the runs there, and goes on where an earlier call was ended
"""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from planner import Plan, WhatIfs, load_scenario, run_whatifs, solve
from planner.analysis.common import no_regret
from planner.io.yaml import load
from planner.plan.solve import Options
from planner.report.format import money, percent
from planner.report.markdown import render
from planner.report.model import Report, Section, Text
from planner.report.plan.report import plan_report
from planner.report.studies import studies
from planner.report.uncertainty import uncertainties
from planner.report.whatif import whatif_report
from planner.scenario.load import catalog_of

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "examples" / "hyperscaler-cn.yaml"
PAGE, EXAMPLES = ROOT / "docs" / "whatif.md", ROOT / "examples" / "README.md"
PARTS = ("worlds", "studies", "uncertain", "examples")
WORLDS = {
    "base": "as it is",
    "ban-on-all-nvidia": "ban widened: Nvidia out of use by July 2027",
    "ban-lifted": "the Chinese gate opens alone",
    "both-gates-open": "ban reversed, both gates",
    "h200-quota": "H200 with quota, 25 % duty, one domestic chip each",
    "b30a-allowed": "B30A allowed",
    "ascend-halved": "half of all Ascend",
    "yield-slip": "yield slip",
    "hbm-cut-off": "HBM cut-off",
    "plans-met": "plans met",
    "roadmap-slip": "roadmap slip",
    "roadmap-pull-in": "roadmap pull-in",
    "power-less-30": "power cut at one site",
    "power-less-20": "a fifth less power everywhere",
    "offshore-cut": "offshore cut: a tenth more work at home",
    "service-cut": "service cut: no Nvidia from 2027 on",
    "oversupply-2028": "oversupply in 2028",
    "half-domestic": "both gates open, half domestic by units",
    "share-basis/power": "the same by power",
    "share-basis/cost": "the same by cost",
    "share-basis/compute": "the same by compute",
}
"""Runs of examples/whatif-cn.yaml as the table calls them."""
SHUT = ("base", "ban-on-all-nvidia", "yield-slip", "hbm-cut-off", "service-cut", "offshore-cut", "power-less-20")
"""Runs in which the gates stay shut: what their plans order alike can be ordered now."""
UNCERTAIN_GAP = 0.01
"""Gap to which whatif-cn-uncertain.yaml says it is solved."""


def main(arguments: list[str]) -> int:
    """Solve what is named, or everything, and rewrite its figures."""
    keep = Path(arguments.pop(arguments.index("--keep") + 1)) if "--keep" in arguments else None
    asked = [name for name in arguments if name != "--keep"] or list(PARTS)
    if unknown := set(asked) - set(PARTS):
        raise SystemExit(f"there is no part {', '.join(sorted(unknown))}; parts: {', '.join(PARTS)}")
    makers: dict[str, Callable[[Path | None], None]] = {
        "worlds": worlds,
        "studies": flips,
        "uncertain": uncertain,
        "examples": examples,
    }
    for name in asked:
        sys.stderr.write(f"solving for {name}\n")
        makers[name](None if keep is None else keep / name)
    return 0


def worlds(keep: Path | None) -> None:
    """The thirteen worlds, and what their plans share."""
    found = _swept("whatif-cn.yaml", keep)
    rows = {row["question"]: row for row in found.tables["comparison"]}
    lines = [
        (label, f"`{run}`", _millions(rows[run]["objective"]), _between(rows[run])) for run, label in WORLDS.items()
    ]
    write(PAGE, "worlds", markdown(("world", "run", "cost", "difference is between"), lines, "llrl"))
    plans = [(answer.id, answer.plan) for answer in found.answers if answer.id in SHUT and answer.plan is not None]
    shared = [
        (row["item"], row["period"], f"{row['count']:,}") for row in no_regret(plans) if row["decision"] == "order"
    ]
    write(PAGE, "no-regret", markdown(("system", "ordered by the end of", "more, in all seven plans"), shared, "llr"))
    told = whatif_report(found, catalog_of(found.scenario))
    _tell(Report("Worlds", tuple(section for section in told.sections if section.title == "What changes")))


def flips(keep: Path | None) -> None:
    """Break-evens and the tornado."""
    found = studies(_swept("whatif-cn-studies.yaml", keep))
    write(PAGE, "studies", _sections(section for section in found if section.title in ("Tornado", "Break-even")))


def uncertain(keep: Path | None) -> None:
    """What to do before it is known."""
    found = _swept("whatif-cn-uncertain.yaml", keep, Options(gap=UNCERTAIN_GAP))
    write(PAGE, "uncertain", _sections(uncertainties(found)))


def examples(_keep: Path | None) -> None:
    """Every shipped scenario, its counterfactuals left out."""
    rows = []
    for file in sorted((ROOT / "examples").glob("*.yaml")):
        if "workloads" not in load(file).value:
            continue
        plan: Plan = solve(load_scenario(file), Options(counterfactuals=False))
        rows.append((file.stem, money(plan.objective, plan.scenario.currency), percent(plan.gap)))
        verdict = plan_report(plan).sections[0]
        _tell(Report(file.stem, (verdict,)))
    write(EXAMPLES, "examples", markdown(("scenario", "cost", "gap"), rows, "lrr"))


def _swept(name: str, keep: Path | None, options: Options | None = None) -> WhatIfs:
    found = run_whatifs(load_scenario(SCENARIO), ROOT / "examples" / name, options, out=keep)
    without = [f"{answer.id}: {answer.why}" for answer in found.answers if answer.status in ("error", "interrupted")]
    if without:
        raise SystemExit("\n".join(without))
    return found


def _millions(value: float | None) -> str:
    return "none" if value is None else f"{value / 1e6:,.0f}"


def _between(row: dict[str, Any]) -> str:
    if row["least_difference"] is None:
        return ""
    low, high = (f"{row[key] / 1e6:+,.0f}".replace("-", "−") for key in ("least_difference", "most_difference"))
    return f"{low} and {high}"


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]], sides: str) -> str:
    """A table; `sides` has l or r for each column."""
    rule = ["---:" if side == "r" else "---" for side in sides]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, rule, *rows))


def _sections(found: Iterable[Section]) -> str:
    """Tables and notes of a report below the page's own headings."""
    text = render(Report("", tuple(found)))
    text = re.sub(r"^#+ *(.*)$", lambda head: f"**{head[1]}**" if head[1] else "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _tell(report: Report) -> None:
    """Words for whoever holds the page against them."""
    blocks = tuple(
        Section(s.title, tuple(b for b in s.blocks if isinstance(b, Text) or s.title)) for s in report.sections
    )
    sys.stdout.write(render(Report(report.title, blocks)) + "\n")


def write(page: Path, name: str, shown: str) -> None:
    """Put figures between the marks of their name."""
    text = page.read_text(encoding="utf-8")
    first, last = f"<!-- figures: {name}, by make figures -->\n", "<!-- end of figures -->\n"
    replaced, count = re.subn(
        rf"({re.escape(first)}).*?({re.escape(last)})",
        lambda marks: f"{marks[1]}\n{shown}\n\n{marks[2]}",
        text,
        count=1,
        flags=re.DOTALL,
    )
    if count != 1:
        raise SystemExit(f"{page.name} has no figures marked {name}")
    page.write_text(replaced, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
