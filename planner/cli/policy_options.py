"""What the commands of `planner policy` read from their options."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from planner.errors import InputError, nearest

if TYPE_CHECKING:
    from planner.catalog.load import Catalog
    from planner.policy.questions import Decision, Query
    from planner.policy.regime import AssumeUnknown, Licence, Regime

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def open_catalog(folders: Iterable[str]) -> "Catalog":
    """The shipped catalog with these folders over it."""
    from planner.catalog.load import load_catalog

    return load_catalog(("builtin", *folders))


def chips(catalog: "Catalog", name: str) -> tuple[str, ...]:
    """All accelerators that a name stands for; InputError, with the nearest name, when there is none."""
    return catalog.members("accelerators", name) or (catalog.identify("accelerators", name),)


def day(text: str) -> date:
    """A day written as 2025-10-15."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.of("wrong-value", f"{text!r} is not a day", "write it as 2025-10-15") from None


def month(text: str) -> date:
    """The first day of a month written as 2025-10."""
    return day(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else text).replace(day=1)


def query(
    catalog: "Catalog", chip: str, buyer: str, action: str, on: date, *, site: Iterable[str], facts: Iterable[str]
) -> "Query":
    """The question these options ask. `site` and `facts` are written NAME=VALUE."""
    from planner.policy.questions import Query, check_action, find_buyer

    asked = check_action(action)
    find_buyer(catalog, buyer)
    stated: dict[str, Any] = {}
    for name, value in _pairs(site, "--site"):
        if name == "region":
            region = catalog.region(value)
            hub = None if region.hub_node is None else bool(region.hub_node)
            of_region = {"country": region.country, "province": region.province, "hub_node": hub}
            stated |= {f"site.{key}": found for key, found in of_region.items() if found is not None}
        else:
            stated |= _fact(catalog, name if name.startswith("site.") else f"site.{name}", value)
    for name, value in _pairs(facts, "--fact"):
        stated |= _fact(catalog, name, value)
    return Query(chip, buyer, asked, on, facts=stated)


def _pairs(texts: Iterable[str], option: str) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise InputError.of("wrong-value", f"{option} {text} has no value", f"write {option} name=value")
        yield name.strip(), value.strip()


def _fact(catalog: "Catalog", name: str, text: str) -> dict[str, Any]:
    """One stated fact, checked against the vocabulary; `null` says it is not known."""
    from planner.io.yaml import resolve
    from planner.policy.compile import read_value
    from planner.policy.load import rulebook

    fields = rulebook(catalog).vocabulary.fields
    if name not in fields:
        close = nearest(name, fields)
        hint = f"did you mean {close!r}?" if close else None
        raise InputError.of("unknown-field", f"there is no fact {name!r}", hint)
    spec = fields[name]
    texts = [part.strip() for part in text.split(",")] if spec.several else [text]
    numeric = spec.kind in ("flag", "number", "quantity")
    values = [read_value(resolve(part) if numeric else part, spec, name) for part in texts]
    return {name: values if spec.several else values[0]}


def assumption(text: str | None) -> "AssumeUnknown":
    """How unknown answers are settled."""
    match text:
        case None | "allow" | "deny":
            return text
    raise InputError.of("wrong-value", f"--assume-unknown is allow or deny, not {text!r}")


def licences(texts: Iterable[str]) -> "dict[str, Licence]":
    """Beliefs about licences, written RULE=granted or RULE=denied."""
    from planner.policy.regime import Licence

    found = {}
    for rule, answer in _pairs(texts, "--licence"):
        if answer not in ("granted", "denied"):
            raise InputError.of("wrong-value", f"a licence is granted or denied, not {answer!r}")
        found[rule] = Licence(granted=answer == "granted")
    return found


def regime(catalog: "Catalog", **options: Any) -> "Regime":
    """The rules of the catalog as these options apply them."""
    from planner.policy.load import rulebook
    from planner.policy.regime import Regime

    return Regime.of(rulebook(catalog), **options)


def rule_ids(answer: "Decision") -> tuple[str, ...]:
    """The rules behind an answer and what they do, to compare answers by."""
    return tuple(f"{hit.rule_id} {hit.outcome}" for hit in answer.rules)


def months(first: str, last: str | None, latest: date) -> list[date]:
    """The last day of each month from `first` to `last`, or to a month after the latest change of the rules."""
    start, stop = month(first), month(last) if last else latest.replace(day=1)
    found: list[date] = []
    while start <= stop and len(found) < 1200:
        following = (start.replace(day=28) + _WEEK).replace(day=1)
        found.append(following - _DAY)
        start = following
    if not found:
        raise InputError.of("wrong-value", f"no month from {first} to {last}", "write an earlier --from")
    return found


def quarters(start: date, latest: date) -> list[date]:
    """First days of the quarters from `start` to the latest change of the rules, at most 22."""
    found = [date(y, m, 1) for y in range(start.year, latest.year + 1) for m in (1, 4, 7, 10)]
    return [day for day in found if start <= day <= latest][-22:]
