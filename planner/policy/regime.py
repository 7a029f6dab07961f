"""Which rules bind on a day, given what was known, what is left out and what is activated."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from planner.policy.book import BoundEffect, Rule, Rulebook
from planner.policy.effect import Action
from planner.policy.predicate import Truth

type AssumeUnknown = Literal["allow", "deny"] | None


@dataclass(frozen=True, slots=True)
class Licence:
    """What is believed about the licences under one rule; `delay` in hours."""

    granted: bool | None = None
    probability: float | None = None
    delay: float = 0.0

    @property
    def outcome(self) -> Truth:
        """Granted or not; a probability strictly between 0 and 1 leaves it open."""
        if self.granted is not None:
            return self.granted
        return {0.0: False, 1.0: True}.get(self.probability) if self.probability is not None else None


@dataclass(frozen=True, slots=True)
class Bearing:
    """One effect of one rule that is in force (None: perhaps), and since when."""

    rule: Rule
    effect: BoundEffect
    active: Truth
    start: date | None


@dataclass(frozen=True)
class Regime:
    """A rulebook as it is applied: by ids, all of them known to the book."""

    book: Rulebook
    known_by: date | None = None
    """Only what was announced by this day is used; None uses everything."""
    assume_unknown: AssumeUnknown = None
    """How an unknown answer is settled; None leaves it unknown."""
    without: frozenset[str] = frozenset()
    activated: frozenset[str] = frozenset()
    """Rules taken as binding whatever their status, and without end."""
    licences: Mapping[str, Licence] = field(default_factory=dict)
    _bearings: dict[tuple[Action, date], tuple["Bearing", ...]] = field(default_factory=dict, repr=False, compare=False)

    _by_action: dict[Action, tuple[date, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        book: Rulebook,
        *,
        known_by: date | None = None,
        assume_unknown: AssumeUnknown = None,
        without: Iterable[str] = (),
        activate: Iterable[str] = (),
        licences: Mapping[str, Licence] | None = None,
    ) -> "Regime":
        """With names resolved: `without` takes rule ids and jurisdictions. InputError for a name that is neither."""
        activated = frozenset(book.rule(name).id for name in activate)
        settled = {book.rule(name).id: licence for name, licence in (licences or {}).items()}
        return cls(book, known_by, assume_unknown, book.select(without), activated, settled)

    def knows(self, announced: date | None) -> bool:
        """Whether something announced on that day is known; None is long known."""
        return self.known_by is None or announced is None or announced <= self.known_by

    def binds(self, rule: Rule) -> bool:
        """Whether the rule is of the kind that binds at all, dates aside."""
        return rule.id in self.activated or rule.spec.binds

    def announced(self, after: date, until: date) -> tuple[str, ...]:
        """Rules of which something became known later than one day and no later than another: the rule, its end, a
        suspension, an effect added to it. Rules that are left out, or never bind, announce nothing.
        """
        rules = (rule for rule in self.book.rules.values() if rule.id not in self.without and self.binds(rule))
        return tuple(sorted(rule.id for rule in rules if any(after < day <= until for day in self._news(rule))))

    def _news(self, rule: Rule) -> Iterator[date]:
        days = [rule.spec.announced, self.book.end_announced(rule)]
        days += [pause.announced or pause.effective_from for pause in rule.spec.suspensions]
        days += [effect.spec.announced for effect in rule.effects]
        return (day for day in days if day is not None)

    def active(self, rule: Rule, day: date) -> Truth:
        """Whether the rule is in force on `day`, as far as known; None when that itself is uncertain."""
        spec = rule.spec
        if rule.id in self.without or not self.knows(spec.announced) or not self._started(rule, day):
            return False
        if rule.id in self.activated:
            return True
        if self._ended(rule, day) or self._suspended(rule, day) or self._superseded(rule, day):
            return False
        return None if spec.uncertain_from is not None and day >= spec.uncertain_from else True

    def effect_active(self, rule: Rule, effect: BoundEffect, day: date) -> bool:
        """Whether the effect's own dates include `day`; those of its rule are not asked."""
        spec = effect.spec
        if not self.knows(spec.announced) or (spec.effective_from is not None and day < spec.effective_from):
            return False
        return spec.effective_to is None or day <= spec.effective_to or rule.id in self.activated

    def relaxers(self, rule: Rule, day: date) -> Iterator[tuple[Rule, Truth]]:
        """The binding rules that relax this one on `day`, and whether they are in force."""
        for other in self.book.relaxers.get(rule.id, ()):
            if self.binds(other) and (active := self.active(other, day)) is not False:
                yield other, active

    def start(self, rule: Rule, effect: BoundEffect | None = None) -> date | None:
        """First day of the effect, or of its rule."""
        return (effect.spec.effective_from if effect else None) or rule.spec.effective_from

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """Every day on which some known rule about accelerators or sites starts, ends, pauses or returns, in order."""
        return self._changes(rule for rule in self.book.rules.values() if rule.spec.subject != "component")

    @cached_property
    def part_changes(self) -> tuple[date, ...]:
        """The same for rules about parts."""
        return self._changes(rule for rule in self.book.rules.values() if rule.spec.subject == "component")

    def changes_of(self, action: Action) -> tuple[date, ...]:
        """The days of `changes` on which the answer about `action` may change."""
        found = self._by_action.get(action)
        if found is None:
            bearing = [rule for rule, _ in self.book.bearing(action)]
            related = (self.book.relaxers, self.book.superseders)
            others = [other for rule in bearing for relation in related for other in relation.get(rule.id, ())]
            rules = (rule for rule in (*bearing, *others) if rule.spec.subject != "component")
            found = self._by_action[action] = self._changes(rules)
        return found

    def _changes(self, rules: Iterable[Rule]) -> tuple[date, ...]:
        known = (rule for rule in rules if rule.id not in self.without and self.knows(rule.spec.announced))
        return tuple(sorted({day for rule in known for day in _changes(rule)}))

    def bearings(self, action: Action, day: date) -> tuple["Bearing", ...]:
        """The effects in force on `day` that concern or gate `action`."""
        found = self._bearings.get((action, day))
        if found is None:
            found = self._bearings[action, day] = tuple(self._bearing(action, day))
        return found

    def _bearing(self, action: Action, day: date) -> Iterator["Bearing"]:
        for rule, effects in self.book.bearing(action):
            active = self.active(rule, day)
            if active is not False:
                for effect in effects:
                    if self.effect_active(rule, effect, day):
                        yield Bearing(rule, effect, active, self.start(rule, effect))

    def _started(self, rule: Rule, day: date) -> bool:
        start = rule.spec.effective_from or (rule.spec.announced if not rule.spec.binds else None)
        return start is None or day >= start

    def _ended(self, rule: Rule, day: date) -> bool:
        end = rule.spec.effective_to
        return end is not None and day > end and self.knows(self.book.end_announced(rule))

    def _suspended(self, rule: Rule, day: date) -> bool:
        return any(
            pause.effective_from <= day
            and (pause.effective_to is None or day <= pause.effective_to)
            and self.knows(pause.announced or pause.effective_from)
            for pause in rule.spec.suspensions
        )

    def _superseded(self, rule: Rule, day: date) -> bool:
        later = self.book.superseders.get(rule.id, ())
        return any(self.binds(other) and self.active(other, day) for other in later)


def _changes(rule: Rule) -> Iterator[date]:
    spans = [(rule.spec.effective_from or rule.spec.announced, rule.spec.effective_to)]
    spans += [(pause.effective_from, pause.effective_to) for pause in rule.spec.suspensions]
    spans += [(effect.spec.effective_from, effect.spec.effective_to) for effect in rule.effects]
    spans.append((rule.spec.uncertain_from, None))
    for first, last in spans:
        if first is not None:
            yield first
        if last is not None:
            yield last + timedelta(days=1)
