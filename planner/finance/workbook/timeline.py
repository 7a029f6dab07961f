"""The periods and their discount factors."""

from datetime import date

from planner.finance.workbook.grid import FIRST, letter
from planner.finance.workbook.parts import FACTOR, Book, months


def timeline(b: Book) -> None:
    """Labels, days, lengths and discount factors of the periods."""
    s = b.s["Timeline"]
    s.head("Timeline", dated=False)
    rate, year, month = (f"Inputs!$C${b.at[key]}" for key in ("rate", "year", "month"))
    span, first = b.at["months"], letter(FIRST)
    quarter = 'YEAR({c}6)&"-Q"&ROUNDUP(MONTH({c}6)/3,0)'
    half = 'YEAR({c}6)&"-H"&ROUNDUP(MONTH({c}6)/6,0)'
    other = 'YEAR({c}6)&"-"&RIGHT("0"&MONTH({c}6),2)'
    label = f'=IF({{m}}=12,YEAR({{c}}6)&"",IF({{m}}=6,{half},IF({{m}}=3,{quarter},{other})))'
    periods, begin = b.plan.problem.calendar, b.plan.problem.calendar.start
    s.line("Period", across=lambda _, c: label.format(c=c, m=f"Inputs!{c}${span}"), shown=b.labels, style="name")
    s.line("Number", "", across=lambda t, c: f"=COLUMNS(${first}$1:{c}$1)", shown=range(1, b.n + 1), style="plain")
    s.line(
        "Months from the plan's start to its end", "months",
        across=lambda t, c: f"=SUM(Inputs!${first}${span}:{c}${span})",
        shown=[months(begin, p.end) for p in periods], style="plain",
    )  # fmt: skip
    s.line(
        "First day", across=lambda t, c: f"=DATE({year},{month}+{c}5-Inputs!{c}${span},1)",
        shown=[_serial(p.start) for p in periods], style="date",
    )  # fmt: skip
    s.line(
        "Day after the last", across=lambda t, c: f"=DATE({year},{month}+{c}5,1)",
        shown=[_serial(p.end) for p in periods], style="date",
    )  # fmt: skip
    hours = [(p.end - p.start).days * 24 for p in periods]
    s.line("Length", "hours", across=lambda t, c: f"=({c}7-{c}6)*24", shown=hours, style="whole")
    s.line("Fiscal year", across=lambda t, c: f"=YEAR({c}6)", shown=[p.start.year for p in periods], style="plain")
    s.section("Discount factors")
    factor = "=(1+{r})^-(({c}5-Inputs!{c}${m}*{x})/12)"
    for name, x in (("start", 1), ("middle", 0.5), ("end", 0)):
        moment = {"start": "start", "middle": "mid", "end": "end"}[name]
        shown = [b.factor(t, moment) for t in range(b.n)]

        def formula(_: int, c: str, x: float = x) -> str:
            return factor.format(r=rate, m=span, c=c, x=x)

        row = s.line(f"Of the {name}", across=formula, shown=shown, style="rate")
        assert row == FACTOR[moment]


def _serial(day: date) -> int:
    """A day as spreadsheets count them."""
    return (day - date(1899, 12, 30)).days
