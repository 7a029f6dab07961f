"""One case: an accelerator or component, a buyer, a site. Dates come later, so a case is evaluated once."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from planner.errors import InputError, nearest
from planner.io.models import Published
from planner.policy.book import BoundEffect, Rule, Rulebook
from planner.policy.compile import read_value
from planner.policy.facts import CaseFacts, answers, gather
from planner.policy.predicate import Interval, Truth, conjunction, evaluate
from planner.policy.vocabulary import FieldSpec


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a rule covers, reaches and means the case."""

    covered: Truth
    reach: Truth
    scope: Truth

    @property
    def all(self) -> Truth:
        """All three."""
        return conjunction((self.covered, self.reach, self.scope))


@dataclass(frozen=True)
class Case:
    """Facts of a case, and the answers of the rules' predicates to them, worked out when first asked."""

    book: Rulebook
    subject: str
    """chip, component or site: rules about another subject do not apply."""
    facts: CaseFacts
    _matches: dict[str, Match] = field(default_factory=dict, repr=False)
    _effects: dict[int, Truth] = field(default_factory=dict, repr=False)
    _words: dict[int, str] = field(default_factory=dict, repr=False)

    def match(self, rule: Rule) -> Match:
        """How the rule's predicates answer."""
        found = self._matches.get(rule.id)
        if found is None:
            found = self._matches[rule.id] = self._evaluate(rule)
        return found

    def when(self, effect: BoundEffect) -> Truth:
        """Whether the effect's own condition holds."""
        key = id(effect)
        if key not in self._effects:
            self._effects[key] = evaluate(effect.when, self.facts.values)
        return self._effects[key]

    def once(self, effect: BoundEffect, tell: Callable[[], str]) -> str:
        """What `tell` says of the effect, which depends on the case alone; asked once."""
        key = id(effect)
        if key not in self._words:
            self._words[key] = tell()
        return self._words[key]

    def _evaluate(self, rule: Rule) -> Match:
        if rule.spec.subject != self.subject:
            return Match(False, False, False)
        values = self.facts.values
        return Match(evaluate(rule.covered, values), evaluate(rule.reach, values), evaluate(rule.scope, values))


def build_case(
    book: Rulebook,
    *,
    action: str,
    buyer: Any = None,
    chip: Any = None,
    vendor: Any = None,
    chip_names: tuple[str, ...] = (),
    component: Mapping[str, Any] | None = None,
    site: Mapping[str, Any] | None = None,
    stated: Mapping[str, Any] | None = None,
    known: dict[Any, dict[str, Any]] | None = None,
) -> Case:
    """The case of these things. `site` and `component` are facts by field name without prefix; `stated` with it.

    `known` keeps what a chip (with this buyer) answers, for the next case of it at another site.

    Raises InputError for a fact whose name the vocabulary does not have, or whose value does not fit.
    """
    given: dict[str, Any] = {"transaction.action": action}
    given |= _prefixed(book, "site", site or {})
    given |= _prefixed(book, "component", component or {})
    given |= _prefixed(book, "", stated or {})
    subjects = {"chip": chip, "vendor": vendor, "buyer": buyer, "names": {"chip": chip_names}, "component": component}
    subject = "chip" if chip is not None else "component" if component is not None else "site"
    if known is None or component is not None:
        return Case(book, subject, gather(book, given, subjects))
    key = None if chip is None else chip.id
    if key not in known:
        known[key] = answers(book, subjects)
    return Case(book, subject, gather(book, given, subjects, known[key]))


def _prefixed(book: Rulebook, prefix: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in facts.items():
        name = key if not prefix or key.startswith(f"{prefix}.") else f"{prefix}.{key}"
        if name not in book.vocabulary.fields:
            close = nearest(name, book.vocabulary.fields)
            hint = f"did you mean {close!r}?" if close else None
            raise InputError.of("unknown-field", f"there is no fact {name!r}", hint)
        found[name] = _checked(value, book.vocabulary.fields[name], name)
    return found


def _checked(value: Any, spec: FieldSpec, name: str) -> Any:
    """`value` if the field can hold it; numbers are in the base unit. Raises InputError."""
    if value is None or isinstance(value, Published | Interval):
        return value
    if isinstance(value, list | tuple | Set) and spec.several:
        return [_checked(member, spec, name) for member in value]
    if spec.kind == "quantity" and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return read_value(value, spec, name)
