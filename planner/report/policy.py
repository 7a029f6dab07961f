"""Answers of the policy stage as plain text: 80 columns, no colour needed to read them."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

from planner.policy.book import Rule
from planner.policy.hits import RuleHit
from planner.policy.predicate import All, Either, Leaf, Not, Predicate, Truth
from planner.policy.questions import Decision
from planner.policy.timeline import Span, at

WIDTH = 80
ANSWERS: dict[Truth, str] = {True: "allowed", False: "not allowed", None: "unknown"}
STATES: dict[Truth, str] = {True: "open", False: "closed", None: "unknown"}
MARKS: dict[Truth, str] = {True: "=", False: "x", None: "?"}
_OUTCOMES = {
    "denies": "DENIES",
    "cancels": "CANCELS",
    "unknown": "UNKNOWN",
    "allows": "allows",
    "relaxed": "gives way",
    "obliges": "obliges",
    "advises": "advises",
    "proposed": "proposed",
    "out_of_reach": "not bound",
}


def decision(answer: Decision, name: str, buyer: str) -> str:
    """One answer with the chain of rules behind it."""
    query = answer.query
    verb = {"licence": "be given a licence for", "service": "have serviced"}.get(query.action, query.action)
    lines = [
        *_wrapped(f"May {buyer} {verb} {name} on {query.date.isoformat()}?  {ANSWERS[answer.allowed].upper()}"),
    ]
    if answer.settled:
        lines += _wrapped("The rules leave it open; --assume-unknown decided.")
    if answer.allowed and not any(h.outcome in ("allows", "relaxed") for h in answer.rules):
        lines += _wrapped("No binding rule stands in the way.")
    told: set[str] = set()
    for found in answer.rules:
        lines += ["", *_hit(found, found.rule_id in told)]
        told.add(found.rule_id)
    if answer.assumed:
        lines += ["", "Assumed, and able to change the answer (state it with --site or --fact):"]
        lines += [line for note in answer.assumed for line in _wrapped(f"- {note}", "  ", first="")]
    return "\n".join(lines)


def _hit(found: RuleHit, told: bool) -> Iterator[str]:
    since = f" since {found.date.isoformat()}" if found.date else ""
    yield from _wrapped(f"{_OUTCOMES[found.outcome]:<9} {found.rule_id}", "          ", first="")
    yield from _wrapped(f"{found.effect}{_terms(found)}{since}", "          ")
    yield from _wrapped(f"because {found.why}", "          ")
    if not told:
        yield from _wrapped(found.summary, "          ")
        yield from _wrapped(f"confidence {found.confidence}; source {_host(found.source)}", "          ")


def _host(source: str) -> str:
    """Where a source is, short enough for a line; `planner policy show` prints it in full."""
    return urlsplit(source).netloc.removeprefix("www.") or source


def _terms(found: RuleHit) -> str:
    terms = [f"review: {found.review.replace('_', ' ')}"] if found.review and found.effect == "licence_required" else []
    if found.delay:
        terms.append(f"{found.delay / 24:g} days")
    if found.probability is not None:
        terms.append(f"chance {found.probability:g}")
    if found.outcome == "cancels":
        known = found.refund_share is not None
        terms.append(f"refund {found.refund_share:.0%}" if known else "refund not known")
    if found.settled_by:
        terms.append(f"settled by {found.settled_by}")
    return f" ({', '.join(terms)})" if terms else ""


def timeline(
    title: str,
    rows: Mapping[str, tuple[Span, ...]],
    gates: Mapping[str, Mapping[str, tuple[Span, ...]]],
    months: list[date],
) -> str:
    """One bar per state, a mark per month, and the dates on which it changed with the rules behind."""
    label = 10
    step = 1 if len(months) <= WIDTH - label else 3
    months = months[step - 1 :: step]
    each = "month" if step == 1 else "third month"
    marks = f"{MARKS[True]} open   {MARKS[False]} closed   {MARKS[None]} unknown   (at the end of each {each})"
    lines = [*_wrapped(title), marks, ""]
    lines.append(" " * label + _years(months))
    for action, found in rows.items():
        lines.append(f"{action:<{label}}{_bar(found, months)}")
        for country, gate in gates.get(action, {}).items():
            if any(span.allowed is not True for span in gate):
                lines.append(f"{'  by ' + country:<{label}}{_bar(gate, months)}")
    for action, found in rows.items():
        if len(found) == 1 and found[0].allowed:
            continue
        lines += ["", action]
        for span in found:
            first = f"  {_days(span):<26}{STATES[span.allowed]:<9}"
            lines += _wrapped(first + ", ".join(span.rules), " " * 37, first="")
    always = [action for action, found in rows.items() if len(found) == 1 and found[0].allowed]
    if always:
        lines += ["", *_wrapped(f"Open throughout: {', '.join(always)}.")]
    return "\n".join(lines)


def matrix(title: str, rows: Mapping[str, tuple[Span, ...]], days: list[date]) -> str:
    """Chips by days."""
    width = min(36, max([len(name) for name in rows], default=10) + 1)
    step = max(2, min(4, (WIDTH - width) // max(1, len(days))))
    lines = [*_wrapped(title), f"{MARKS[True]} open   {MARKS[False]} closed   {MARKS[None]} unknown", ""]
    lines += [" " * width + "".join(head.rjust(step) for head in heads) for heads in _heads(days)]
    for name, found in rows.items():
        marks = "".join(MARKS[at(found, day).allowed].rjust(step) for day in days)
        lines.append(f"{name[: width - 1]:<{width}}{marks}")
    return "\n".join(line.rstrip() for line in lines)


def rule_list(rules: Iterable[Rule]) -> str:
    """A line per rule, two where its effects need them."""
    lines = [f"{'rule':<37} {'status':<11}{'from':<11}effects"]
    for rule in rules:
        spec = rule.spec
        since = spec.effective_from.isoformat() if spec.effective_from else "-"
        effects = ", ".join(dict.fromkeys(effect.spec.type for effect in rule.effects))
        first = f"{spec.id:<37} {spec.status:<11}{since:<11}"
        if len(first + effects) <= WIDTH:
            lines.append(first + effects)
        else:
            lines += [first.rstrip(), *_wrapped(effects, "    ")]
    return "\n".join(lines)


def rule(found: Rule, relaxed_by: Iterable[str] = ()) -> str:
    """A rule in full."""
    spec = found.spec
    where = f" ({found.place})" if found.place else ""
    lines = [f"{spec.id}{where}", *_wrapped(spec.summary), ""]
    span = f"{spec.effective_from or 'always'} to {spec.effective_to or 'open'}"
    facts = {
        "issuer": f"{spec.issuer} ({spec.jurisdiction})",
        "form": spec.legal_form,
        "status": spec.status + ("" if spec.binds else ", does not bind unless activated"),
        "announced": str(spec.announced or "not known"),
        "in force": f"{span}, known to the {spec.date_precision}" if spec.date_precision != "unknown" else span,
        "about dates": spec.date_note,
        "suspended": "; ".join(
            f"{p.effective_from} to {p.effective_to or 'open'}: {p.reason}" for p in spec.suspensions
        ),
        "uncertain": f"from {spec.uncertain_from}" if spec.uncertain_from else None,
        "buyers": words(found.covered),
        "applies when": words(found.reach),
        "covers": words(found.scope),
    }
    for index, effect in enumerate(found.effects, start=1):
        given = effect.spec.model_dump(exclude={"type", "when"}, exclude_defaults=True, mode="json")
        terms = ", ".join(f"{key} {'not known' if value is None else value}" for key, value in given.items())
        when = f"; when {words(effect.when)}" if effect.when != All() else ""
        facts[f"effect {index}"] = f"{effect.spec.type}{': ' + terms if terms else ''}{when}"
    kept = spec.transition.model_dump(exclude_none=True)
    facts |= {
        "transition": "; ".join(f"{key.replace('_', ' ')} {value}" for key, value in kept.items()),
        "supersedes": ", ".join(spec.supersedes),
        "relaxes": ", ".join(spec.relaxes),
        "relaxed by": ", ".join(relaxed_by),
        "goes with": ", ".join(spec.pairs_with),
        "confidence": spec.confidence + (f"; {spec.confidence_note}" if spec.confidence_note else ""),
        "notes": spec.notes,
    }
    for key, value in facts.items():
        if value:
            lines += _wrapped(f"{key:<14}{value}", " " * 14, first="")
    lines += ["sources", *(f"  {source}" for source in spec.sources)]
    return "\n".join(lines)


def words(predicate: Predicate) -> str:
    """A predicate as a sentence; the empty one is `all`."""
    match predicate:
        case Leaf(name, op, value):
            text = ", ".join(sorted(map(str, value))) if isinstance(value, frozenset) else _value(value)
            return f"{name} {op.replace('_', ' ')} {text}"
        case Not(part):
            return f"not ({words(part)})"
        case All(parts):
            return " and ".join(_bracketed(part, Either) for part in parts) or "all"
        case Either(parts):
            return " or ".join(_bracketed(part, All) for part in parts) or "none"


def _bracketed(part: Predicate, kind: type) -> str:
    return f"({words(part)})" if isinstance(part, kind) else words(part)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,g}" if isinstance(value, float) else str(value)


def _days(span: Span) -> str:
    if span.start is None:
        return f"until {span.end}" if span.end else "always"
    return f"{span.start} to {span.end}" if span.end else f"from {span.start}"


def _bar(found: tuple[Span, ...], months: list[date]) -> str:
    return "".join(MARKS[at(found, month).allowed] for month in months)


def _years(months: list[date]) -> str:
    line = [" "] * len(months)
    for index, month in enumerate(months):
        if index == 0 or month.year != months[index - 1].year:
            columns = sum(other.year == month.year for other in months)
            text = f"|{month:%Y}" if columns >= 5 else f"|{month:%y}"
            if columns >= len(text):
                line[index : index + len(text)] = list(text)
    return "".join(line).rstrip()


def _heads(days: list[date]) -> list[list[str]]:
    """Rows of column heads: years where they change, then quarters, or months and days."""
    years = [f"{day:%y}" if i == 0 or days[i - 1].year != day.year else "" for i, day in enumerate(days)]
    if all(day.day == 1 and day.month % 3 == 1 for day in days):
        return [years, [f"Q{day.month // 3 + 1}" for day in days]]
    return [years, [f"{day:%m}" for day in days], [f"{day:%d}" for day in days]]


def _wrapped(text: str, indent: str = "", first: str | None = None) -> list[str]:
    start = indent if first is None else first
    return textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False, break_long_words=True
    ) or [""]
