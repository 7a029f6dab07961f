"""`catalog check`: facts without source, implausible values, stale dates, entries that cannot be planned with."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from planner.catalog.assumption_names import NEIGHBOURS
from planner.catalog.entry import end_of
from planner.catalog.formula import Formula, FormulaError, Range, Value
from planner.catalog.kinds import KINDS, OTHER_DOCUMENTS, FieldPath, facts_of
from planner.catalog.lint_rules import LintFile, LintRules, RangeCheck
from planner.catalog.names import alias_faults
from planner.catalog.text import value_text
from planner.errors import Diagnostic, InputError, nearest
from planner.io.models import Published
from planner.io.yaml import parse
from planner.units import Money

if TYPE_CHECKING:
    from planner.catalog.load import Catalog


@dataclass(slots=True)
class Report:
    """What was found."""

    findings: list[Diagnostic] = field(default_factory=list)
    silenced: list[tuple[Diagnostic, str]] = field(default_factory=list)
    """Findings that an entry accepts, with the reason it gives."""
    entries: dict[str, int] = field(default_factory=dict)
    facts: int = 0
    sourced: int = 0
    nulls: int = 0
    """Facts that are known to be unknown."""

    @property
    def clean(self) -> bool:
        """Whether nothing was found that is not silenced."""
        return not self.findings

    @property
    def by_code(self) -> Counter[str]:
        """Findings per code."""
        return Counter(finding.code for finding in self.findings)


def check(catalog: "Catalog") -> Report:
    """Every finding of a catalog, sorted by place. Faults that keep a kind from loading are findings too."""
    report = Report()
    loaded = []
    for kind in KINDS.values():
        try:
            report.entries[kind.name] = len(catalog.entries(kind.name))
            loaded.append(kind.name)
        except InputError as error:
            report.findings += [d for d in error.diagnostics if d not in report.findings]
    report.findings += _unreadable(catalog)
    rules = _rules(catalog, report)
    families = _families(catalog)
    for name in loaded:
        for entry in catalog.entries(name).values():
            _check_entry(catalog, name, entry, rules, report)
            _file(_unknown_family(catalog, name, entry, families), entry, report)
    if len(loaded) == len(KINDS):
        report.findings += alias_faults(catalog)
        _check_resolution(catalog, report)
    report.findings.sort(key=lambda finding: finding.order)
    return report


def _unreadable(catalog: "Catalog") -> Iterator[Diagnostic]:
    """Faults of YAML in the files that other stages read."""
    for name in sorted(OTHER_DOCUMENTS):
        try:
            catalog.documents(name)
        except InputError as error:
            yield from error.diagnostics


def _families(catalog: "Catalog") -> frozenset[str]:
    """Ids of the families that throughput is calibrated for; empty when the catalog has no calibration."""
    with suppress(InputError):
        values = [document.value for document in catalog.documents("calibration")]
        listed = [entry for value in values if isinstance(value, dict) for entry in value.get("calibrations") or ()]
        return frozenset(str(entry["id"]) for entry in listed if isinstance(entry, dict) and "id" in entry)
    return frozenset()


def _unknown_family(catalog: "Catalog", kind: str, entry: Any, families: frozenset[str]) -> Iterator[Diagnostic]:
    name = getattr(entry, "performance_family", None)
    if families and name and name not in families:
        close = nearest(name, families)
        hint = f"did you mean {close!r}?" if close else "name a family of catalogs/calibration"
        place = catalog.place(kind, entry.id, ("performance_family",))
        yield Diagnostic("unknown-name", f"{entry.id}: there is no performance family {name!r}", hint, place, "warning")


def _rules(catalog: "Catalog", report: Report) -> LintRules:
    """The rules of the last folder that has some."""
    rules = LintRules(as_of="2000-01-01")
    for document in catalog.documents("lint"):
        try:
            rules = parse(LintFile, document).lint
        except InputError as error:
            report.findings += error.diagnostics
    return rules


def _check_entry(catalog: "Catalog", kind: str, entry: Any, rules: LintRules, report: Report) -> None:
    found: list[Diagnostic] = [
        *_unsourced(catalog, kind, entry, report),
        *_confidences(catalog, kind, entry, rules),
        *_implausible(catalog, kind, entry, rules),
        *_stale(catalog, kind, entry, rules),
    ]
    _file(found, entry, report)


def _file(found: Iterable[Diagnostic], entry: Any, report: Report) -> None:
    """Findings to the report, those the entry silences with their reason."""
    reasons: dict[str, str] = getattr(entry, "silence", {})
    for finding in found:
        if finding.code in reasons:
            report.silenced.append((finding, reasons[finding.code]))
        else:
            report.findings.append(finding)


def _unsourced(catalog: "Catalog", kind: str, entry: Any, report: Report) -> Iterator[Diagnostic]:
    """Values without a source; entries of figures (economics, supply, model shapes) count as one fact themselves."""
    own = tuple(getattr(entry, "source", ()))
    if kind in ("economics", "transformers"):
        yield from _one_fact(catalog, kind, entry, (), own, report, known=getattr(entry, "known", True))
    for path, fact in facts_of(entry):
        yield from _one_fact(catalog, kind, entry, path, fact.source or own, report, known=_is_known(fact))


def _one_fact(
    catalog: "Catalog",
    kind: str,
    entry: Any,
    path: FieldPath,
    source: tuple[str, ...],
    report: Report,
    *,
    known: bool,
) -> Iterator[Diagnostic]:
    report.facts += 1
    report.nulls += not known
    if source:
        report.sourced += 1
        return
    name = ".".join(map(str, path)) or "the entry"
    message = f"{entry.id}: {name} has no source"
    hint = "write {value: ..., source: id-of-sources.yaml, confidence: ...}"
    yield Diagnostic("no-source", message, hint, catalog.place(kind, entry.id, path), "warning")


def _is_known(fact: Published[Any]) -> bool:
    return any(side is not None for side in (fact.value, fact.low, fact.mid, fact.high))


def _confidences(catalog: "Catalog", kind: str, entry: Any, rules: LintRules) -> Iterator[Diagnostic]:
    for path, fact in facts_of(entry):
        if fact.confidence and rules.confidence and fact.confidence not in rules.confidence:
            message = f"{entry.id}: {fact.confidence!r} is not a confidence"
            place = catalog.place(kind, entry.id, (*path, "confidence"))
            yield Diagnostic("confidence", message, f"one of {', '.join(rules.confidence)}", place, "warning")


def _implausible(catalog: "Catalog", kind: str, entry: Any, rules: LintRules) -> Iterator[Diagnostic]:
    """Figures outside their range. Only published values count; nothing is assumed to judge."""
    for rule in rules.ranges:
        if rule.kind != kind:
            continue
        formula = Formula.parse(rule.formula)
        try:
            found = formula.evaluate(lambda path: _published(catalog, kind, entry, path))
        except FormulaError:
            continue
        if found is None or not _outside(found.mid, rule):
            continue
        message = f"{entry.id}: {rule.what} is {value_text(found.mid)}; ordinary is {rule.low} to {rule.high}"
        hint = f"check the fields of {rule.formula}, or accept it: silence: {{{rule.code}: why}}"
        place = catalog.place(kind, entry.id, _first_field(formula, kind))
        yield Diagnostic(rule.code, message, hint, place, "warning")


def _outside(value: Value, rule: RangeCheck) -> bool:
    low, high = rule.low.amount, rule.high.amount
    if isinstance(value, Money) or isinstance(low, Money) or isinstance(high, Money):
        if not (isinstance(value, Money) and isinstance(low, Money) and isinstance(high, Money)):
            return False
        return value.currency == low.currency and not low.amount <= value.amount <= high.amount
    return not low <= value <= high


def _published(catalog: "Catalog", kind: str, entry: Any, path: str) -> Range | None:
    """The published middle of a field, also of the entry beside it."""
    head, _, tail = path.partition(".")
    if tail and head in NEIGHBOURS.get(kind, {}):
        other = catalog.entries(NEIGHBOURS[kind][head]).get(getattr(entry, head, None) or "")
        return _published(catalog, NEIGHBOURS[kind][head], other, tail) if other is not None else None
    value: Any = entry
    for part in path.split("."):
        value = getattr(value, part, None)
    if isinstance(value, Published):
        value = value.at("mid")
    return Range.point(value) if isinstance(value, int | float | Money) and not isinstance(value, bool) else None


def _first_field(formula: Formula, kind: str) -> FieldPath:
    """The field of the entry that the formula names first, where the finding points."""
    own = [n for n in formula.names if n.partition(".")[0] not in NEIGHBOURS.get(kind, {})]
    named = [n for n in own if _is_field(KINDS[kind].model, n.partition(".")[0])]
    first = min(named, key=formula.text.index, default="")
    return tuple(first.split(".")) if first else ()


def _is_field(model: type[BaseModel], name: str) -> bool:
    return name in model.model_fields


def _stale(catalog: "Catalog", kind: str, entry: Any, rules: LintRules) -> Iterator[Diagnostic]:
    today = end_of(rules.as_of)
    for rule in rules.stale:
        if rule.kind != kind:
            continue
        for path, fact in facts_of(entry):
            if rule.field not in path or "conflicts" in path or not fact.as_of or not _is_known(fact):
                continue
            age = today - _last_day(fact.as_of)
            if age > timedelta(hours=rule.after):
                message = f"{entry.id}: {'.'.join(map(str, path))} is as of {fact.as_of}: {rule.why}"
                place = catalog.place(kind, entry.id, path)
                yield Diagnostic("stale", message, "look for a newer figure", place, "warning")


def _last_day(text: str) -> date:
    try:
        return end_of(text)
    except ValueError:
        return date.min


def _check_resolution(catalog: "Catalog", report: Report) -> None:
    """Systems that are for sale and regions must resolve to numbers."""
    from planner.catalog.resolve import resolve_region, resolve_system

    for name, system in catalog.systems.items():
        if not catalog.accelerators[system.accelerator].rent_only:
            missing = resolve_system(catalog, name, strict=False).missing
            _file(_unplannable(catalog, "systems", name, missing), system, report)
    for name, region in catalog.regions.items():
        missing = resolve_region(catalog, name, strict=False).missing
        _file(_unplannable(catalog, "regions", name, missing), region, report)


def _unplannable(catalog: "Catalog", kind: str, name: str, missing: tuple[str, ...]) -> Iterator[Diagnostic]:
    if missing:
        message = f"{name}: nothing states or fills {', '.join(missing)}; no plan can use it"
        hint = "state it, or add an assumption that fills it"
        yield Diagnostic("unplannable", message, hint, catalog.place(kind, name), "warning")
