"""`planner policy`: who may do what with which accelerator, when, and by which rule."""

from datetime import date
from typing import Annotated, Any

import typer

from planner.cli import policy_options as read
from planner.cli.console import diagnostic_record, emit_json, emit_text, say, tell

app = typer.Typer(
    help="Who may order, receive, test, install, run, have serviced or rent what, when; by which rule.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Folders = Annotated[
    list[str],
    typer.Option("--catalog", "-c", metavar="FOLDER", help="A folder over the shipped catalog; may be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Chip = Annotated[str, typer.Option("--chip", help="Accelerator by id or alias.")]
BuyerName = Annotated[str, typer.Option("--buyer", help="Buyer profile.")]
Facts = Annotated[
    list[str], typer.Option("--site", metavar="FACT=VALUE", help="Fact of the site (province=Gansu), or region=ID.")
]
Stated = Annotated[list[str], typer.Option("--fact", metavar="FIELD=VALUE", help="Any other fact, by full field name.")]
KnownBy = Annotated[str | None, typer.Option("--known-by", metavar="DATE", help="Only rules announced by this day.")]
Without = Annotated[list[str], typer.Option("--without", help="Leave out a rule or a jurisdiction (CN, US).")]
Activate = Annotated[list[str], typer.Option("--activate", help="Take a rule that is not in force as if it were.")]
Licences = Annotated[
    list[str], typer.Option("--licence", metavar="RULE=ANSWER", help="granted or denied, for licences under a rule.")
]
Assume = Annotated[
    str | None, typer.Option("--assume-unknown", metavar="ANSWER", help="allow or deny what the facts leave open.")
]
_NONE: list[str] = []
_FIRST_MONTH = "2022-07"
"""Where drawings start: the quarter of the first rule on accelerators."""
_ANY_DAY = date(2000, 1, 1)


def _options(
    known_by: str | None, without: list[str], activate: list[str], licence: list[str], assume_unknown: str | None
) -> dict[str, Any]:
    return {
        "known_by": read.day(known_by) if known_by else None,
        "without": without,
        "activate": activate,
        "licences": read.licences(licence),
        "assume_unknown": read.assumption(assume_unknown),
    }


@app.command()
def why(
    chip: Chip,
    day: Annotated[str, typer.Option("--date", metavar="DATE", help="Day of the action, as 2025-10-15.")],
    buyer: BuyerName = "cn-internet",
    action: Annotated[
        str, typer.Option(help="order, licence, import, test, install, operate, service or rent.")
    ] = "order",
    site: Facts = _NONE,
    fact: Stated = _NONE,
    known_by: KnownBy = None,
    without: Without = _NONE,
    activate: Activate = _NONE,
    licence: Licences = _NONE,
    assume_unknown: Assume = None,
    catalog: Folders = _NONE,
    json: Json = False,
) -> None:
    """Say whether a buyer may do something on a day, with the chain of rules that decide it."""
    from planner.policy.permissions import decide
    from planner.report.policy import decision

    known = read.open_catalog(catalog)
    options = _options(known_by, without, activate, licence, assume_unknown)
    on = read.day(day)
    asked = [read.query(known, name, buyer, action, on, site=site, facts=fact) for name in read.chips(known, chip)]
    answers = [decide(known, query, **options) for query in asked]
    answer = answers[0]
    if any((a.allowed, read.rule_ids(a)) != (answer.allowed, read.rule_ids(answer)) for a in answers):
        known.identify("accelerators", chip)
    if len(answers) > 1:
        say(f"{chip} stands for {', '.join(q.chip or '' for q in asked)}: the answer is the same for all.")
    if json:
        emit_json(answer.as_dict())
    else:
        emit_text(decision(answer, known.accelerators[asked[0].chip or ""].name, known.buyers[buyer].name))


@app.command()
def timeline(
    chip: Chip,
    buyer: BuyerName = "cn-internet",
    action: Annotated[list[str], typer.Option(help="States to draw (default: all).")] = _NONE,
    start: Annotated[str, typer.Option("--from", metavar="MONTH", help="First month drawn.")] = _FIRST_MONTH,
    end: Annotated[str | None, typer.Option("--to", metavar="MONTH", help="Last month drawn.")] = None,
    site: Facts = _NONE,
    fact: Stated = _NONE,
    known_by: KnownBy = None,
    without: Without = _NONE,
    activate: Activate = _NONE,
    licence: Licences = _NONE,
    assume_unknown: Assume = None,
    catalog: Folders = _NONE,
    json: Json = False,
) -> None:
    """Draw when each state was open for a chip and a buyer."""
    from planner.policy.effect import ACTIONS
    from planner.policy.questions import check_action
    from planner.policy.timeline import gates
    from planner.policy.timeline import timeline as draw
    from planner.report import policy as report

    known = read.open_catalog(catalog)
    regime = read.regime(known, **_options(known_by, without, activate, licence, assume_unknown))
    states = tuple(check_action(state) for state in action) if action else ACTIONS
    names = read.chips(known, chip)
    asked = [read.query(known, n, buyer, s, _ANY_DAY, site=site, facts=fact) for n in names for s in states[:1]]
    found = [draw(known, query, states, regime) for query in asked]
    if any(other != found[0] for other in found):
        known.identify("accelerators", chip)
    rows, query = found[0], asked[0]
    by: dict[str, Any] = {state: gates(known, query, state, regime) for state in states}
    if json:
        emit_json(
            {
                "chip": query.chip,
                "buyer": buyer,
                "actions": {state: [span.as_dict() for span in spans] for state, spans in rows.items()},
                "gates": {s: {c: [x.as_dict() for x in spans] for c, spans in g.items()} for s, g in by.items()},
            }
        )
        return
    months = read.months(start, end, max(regime.changes))
    title = f"{known.accelerators[query.chip or ''].name} ({query.chip}) for {known.buyers[buyer].name}"
    emit_text(report.timeline(title, rows, by, months))


@app.command()
def matrix(
    chip: Annotated[list[str], typer.Option(help="Accelerators by id, alias or group (default: all).")] = _NONE,
    day: Annotated[list[str], typer.Option("--date", metavar="DATE", help="Columns (default: each quarter).")] = _NONE,
    start: Annotated[str, typer.Option("--from", metavar="MONTH", help="First quarter shown.")] = _FIRST_MONTH,
    buyer: BuyerName = "cn-internet",
    action: Annotated[str, typer.Option(help="State that is shown.")] = "order",
    site: Facts = _NONE,
    fact: Stated = _NONE,
    known_by: KnownBy = None,
    without: Without = _NONE,
    activate: Activate = _NONE,
    licence: Licences = _NONE,
    assume_unknown: Assume = None,
    catalog: Folders = _NONE,
    json: Json = False,
) -> None:
    """Show chips by dates: what was open when."""
    from planner.policy.timeline import at
    from planner.policy.timeline import timeline as draw
    from planner.report import policy as report

    known = read.open_catalog(catalog)
    regime = read.regime(known, **_options(known_by, without, activate, licence, assume_unknown))
    days = sorted(map(read.day, day)) or read.quarters(read.month(start), max(regime.changes))
    names = [name for given in chip for name in read.chips(known, given)] or list(known.accelerators)
    rows = {}
    for name in names:
        query = read.query(known, name, buyer, action, days[0], site=site, facts=fact)
        rows[name] = draw(known, query, [query.action], regime)[query.action]
    if json:
        table = {
            name: {d.isoformat(): "unknown" if (x := at(found, d).allowed) is None else x for d in days}
            for name, found in rows.items()
        }
        emit_json({"buyer": buyer, "action": action, "dates": [d.isoformat() for d in days], "chips": table})
    else:
        emit_text(report.matrix(f"{action}, for {known.buyers[buyer].name}", rows, days))


@app.command("list")
def list_rules(
    jurisdiction: Annotated[str | None, typer.Option(help="Only this one, with its provinces (CN).")] = None,
    status: Annotated[str | None, typer.Option(help="Only rules of this status.")] = None,
    effect: Annotated[str | None, typer.Option(help="Only rules with this effect.")] = None,
    catalog: Folders = _NONE,
    json: Json = False,
) -> None:
    """List the rules."""
    from planner.policy.load import rulebook
    from planner.report.policy import rule_list

    book = rulebook(read.open_catalog(catalog))
    wanted = book.select([jurisdiction]) if jurisdiction else frozenset(book.rules)
    found = [
        rule
        for rule in book.rules.values()
        if rule.id in wanted
        and status in (None, rule.spec.status)
        and (effect is None or any(e.spec.type == effect for e in rule.effects))
    ]
    if json:
        emit_json({"rules": [rule.spec.model_dump(mode="json", by_alias=True, exclude_unset=True) for rule in found]})
    else:
        emit_text(rule_list(found))


@app.command()
def show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule's id.")],
    catalog: Folders = _NONE,
    json: Json = False,
) -> None:
    """Print one rule in full."""
    from planner.policy.load import rulebook
    from planner.report import policy as report

    book = rulebook(read.open_catalog(catalog))
    found = book.rule(rule)
    if json:
        emit_json({"rule": found.spec.model_dump(mode="json", by_alias=True, exclude_unset=True)})
    else:
        emit_text(report.rule(found, [other.id for other in book.relaxers.get(rule, ())]))


@app.command()
def check(catalog: Folders = _NONE, json: Json = False) -> None:
    """Check the rules: faults end with exit code 1; names that the catalog lacks are warnings."""
    from planner.policy.check import check_rules
    from planner.policy.load import rulebook

    known = read.open_catalog(catalog)
    book = rulebook(known)
    found = list(check_rules(known, book))
    if json:
        emit_json({"rules": len(book.rules), "diagnostics": [diagnostic_record(d) for d in found]})
        return
    tell(found)
    emit_text(f"{len(book.rules)} rules, {len(book.vocabulary.fields)} fields, {len(found)} warnings")
