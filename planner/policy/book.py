"""The rulebook: all rules of the catalog folders, checked and ready to be evaluated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from planner.errors import InputError, Place, nearest
from planner.policy.effect import ACTIONS, Action, Effect
from planner.policy.predicate import Predicate, fields
from planner.policy.rule import RuleSpec
from planner.policy.vocabulary import DerivationSpec, Vocabulary


@dataclass(frozen=True, slots=True)
class BoundEffect:
    """An effect with its predicate compiled."""

    spec: Effect
    when: Predicate


@dataclass(frozen=True)
class Rule:
    """A rule with its predicates compiled; `spec` holds everything as written."""

    spec: RuleSpec
    covered: Predicate
    reach: Predicate
    scope: Predicate
    effects: tuple[BoundEffect, ...]
    place: Place | None = None

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.spec.id

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every field any of its predicates asks for."""
        parts = (self.covered, self.reach, self.scope, *(effect.when for effect in self.effects))
        return frozenset().union(*map(fields, parts))

    @cached_property
    def asks_site(self) -> bool:
        """Whether the answer may differ from site to site."""
        return any(name.startswith("site.") for name in self.fields)

    @property
    def source(self) -> str:
        """Its first source."""
        return self.spec.sources[0]


@dataclass(frozen=True)
class Derivation:
    """A derived fact with the predicates of its cases compiled."""

    spec: DerivationSpec
    cases: tuple[tuple[Predicate, object], ...] = ()


@dataclass(frozen=True)
class Rulebook:
    """Rules by id, the vocabulary they are written in, and the derived facts."""

    rules: dict[str, Rule]
    vocabulary: Vocabulary
    derivations: tuple[Derivation, ...] = ()

    @cached_property
    def jurisdictions(self) -> tuple[str, ...]:
        """Every jurisdiction, and the countries of those that are part of one."""
        found = {rule.spec.jurisdiction for rule in self.rules.values()}
        return tuple(sorted(found | {name.split("-")[0] for name in found}))

    def bearing(self, action: Action) -> tuple[tuple[Rule, tuple[BoundEffect, ...]], ...]:
        """The rules with effects that gate or concern `action`, and those effects."""
        return self._bearing.get(action, ())

    @cached_property
    def _bearing(self) -> dict[str, tuple[tuple[Rule, tuple[BoundEffect, ...]], ...]]:
        found: dict[str, tuple[tuple[Rule, tuple[BoundEffect, ...]], ...]] = {}
        for action in ACTIONS:
            pairs = [
                (r, tuple(e for e in r.effects if action in (*e.spec.gates, *e.spec.concerns)))
                for r in self.rules.values()
            ]
            found[action] = tuple((rule, effects) for rule, effects in pairs if effects)
        return found

    @cached_property
    def relaxers(self) -> dict[str, tuple[Rule, ...]]:
        """For each rule the rules that relax it."""
        return self._inverse("relaxes")

    @cached_property
    def superseders(self) -> dict[str, tuple[Rule, ...]]:
        """For each rule the rules that supersede it."""
        return self._inverse("supersedes")

    def _inverse(self, relation: str) -> dict[str, tuple[Rule, ...]]:
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules.values():
            for target in getattr(rule.spec, relation):
                found[target] = (*found.get(target, ()), rule)
        return found

    def rule(self, rule_id: str) -> Rule:
        """The rule called `rule_id`; InputError with the nearest name when there is none."""
        if rule_id not in self.rules:
            hint = self._near(rule_id, self.rules) or "planner policy list names them"
            raise InputError.of("unknown-rule", f"there is no rule {rule_id!r}", hint)
        return self.rules[rule_id]

    def select(self, names: Iterable[str]) -> frozenset[str]:
        """Ids of the rules named by id or by jurisdiction (`CN` covers `CN-SH`); InputError for an unknown name."""
        found: set[str] = set()
        for name in names:
            matching = {i for i, r in self.rules.items() if _within(r.spec.jurisdiction, name) or i == name}
            if not matching:
                known = (*self.rules, *self.jurisdictions)
                hint = self._near(name, known) or f"jurisdictions: {', '.join(self.jurisdictions)}"
                raise InputError.of("unknown-rule", f"{name!r} is neither a rule nor a jurisdiction", hint)
            found |= matching
        return frozenset(found)

    def end_announced(self, rule: Rule) -> date | None:
        """Day on which the end of the rule became known; None when it has no end."""
        if rule.spec.effective_to is None:
            return None
        if rule.spec.end_announced is not None:
            return rule.spec.end_announced
        later = [r.spec.announced for r in self.superseders.get(rule.id, ()) if r.spec.announced]
        return min([rule.spec.effective_to, *later])

    @staticmethod
    def _near(name: str, known: Iterable[str]) -> str | None:
        close = nearest(name, known)
        return f"did you mean {close!r}?" if close else None


def _within(jurisdiction: str, name: str) -> bool:
    return jurisdiction == name or jurisdiction.startswith(f"{name}-")
