"""What the workbook is of, and what in it is uncertain."""

from planner import __version__
from planner.finance.workbook.parts import Book

RIGHT, WRONG = "all checks are zero", "CHECKS FAIL: see the sheet Checks"


def cover(b: Book) -> None:
    """The first sheet."""
    from planner.plan.save import fingerprint

    s, plan = b.s["Cover"], b.plan
    s.sheet.write_string(0, 0, plan.scenario.title or plan.scenario.name, b.formats["title"])
    s.row = 2
    flag = f'=IF(Checks!$C${b.at["checks"]}=0,"{RIGHT}","{WRONG}")'
    s.line("Checks", value=flag, result=WRONG if b.wrong else RIGHT, style="text")
    for label, words in (
        ("Scenario", plan.scenario.name),
        ("Scenario, SHA-256", fingerprint(plan.scenario)),
        ("Catalog, SHA-256", plan.case.catalog.digest),
        ("Planner", __version__),
        ("Status of the search", plan.status),
        ("Proved gap", f"{plan.gap:.4%}"),
        ("Independent check", "passed" if plan.verified else "not made"),
        ("Currency", f"{plan.currency}, nominal"),
        ("Timing", f"capital at the start of a period, running cost at its {plan.scenario.finance.opex_timing}"),
    ):
        s.told(label, words)
    taken = [b.label(row) for row in b.rows if not row.parts]
    s.section("Rows whose amounts are taken over from the plan instead of being rebuilt from prices")
    for label in taken or ["none"]:
        s.line(label)
    _uncertain(b)


def _uncertain(b: Book) -> None:
    s = b.s["Cover"]
    s.section("Uncertain and assumed")
    for column, title in enumerate(("unit", "low", "used", "high", "source"), start=1):
        s.sheet.write_string(s.row, column, title, b.formats["head_text" if column in (1, 5) else "head"])
    s.row += 1
    for fact in b.plan.tables["inputs"]:
        assumed = fact["kind"] == "assumption" or fact["confidence"] in ("low", "assumption")
        if not assumed and fact["low"] == fact["high"]:
            continue
        row = b.at.get(("fact", fact["key"]))
        for column, (at, value) in enumerate((("D", fact["low"]), ("C", fact["used"]), ("E", fact["high"])), start=2):
            if row is not None and isinstance(value, int | float):
                s.formula(column, f"=Inputs!${at}${row}", value, "fact")
            elif value is not None:
                s.text(column, str(value))
        s.text(5, " ".join(fact["source"] or ()) or fact["kind"])
        s.line(fact["key"], fact["unit"])
