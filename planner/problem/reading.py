"""Obligations of the policy stage put together over their periods, with the scenario's terms, ready to be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.errors import Diagnostic, InputError, nearest
from planner.policy.effect import Effect
from planner.policy.permissions import Obligation
from planner.problem.case import Case
from planner.problem.obliged import NOTHING, Obliged
from planner.problem.places import sorted_sites
from planner.scenario.quotas import Terms


@dataclass(frozen=True)
class Group:
    """One effect of one rule at one site (or none), over the periods in which it is in force."""

    first: Obligation
    effect: Any
    """The effect with the scenario's terms in place of what is not published."""
    terms: Terms
    periods: tuple[int, ...]
    covered: frozenset[str]
    """Accelerators that it covers, or is taken to cover."""

    @property
    def foreign(self) -> frozenset[str]:
        """Covered accelerators that are not domestic."""
        return self.covered - self.first.domestic


@dataclass(frozen=True, slots=True)
class Reading:
    """What an effect comes to: caps, and in words what it does."""

    does: str
    obliged: Obliged = NOTHING
    acts: bool = True


def groups(case: Case) -> Iterator[Group]:
    """The obligations of a case, period by period put together. Raises InputError for terms that nothing reads."""
    check_terms(case)
    found: dict[tuple[object, ...], list[Obligation]] = {}
    for duty in case.permissions.obligations:
        key = (duty.rule_id, repr(duty.effect), duty.site_id, duty.accelerators, duty.uncertain, duty.certain)
        found.setdefault(key, []).append(duty)
    known = {system.accelerator_id for system in case.systems.values()}
    deny = case.scenario.policy.assume_unknown == "deny"
    for duties in found.values():
        first = duties[0]
        about_chips = bool(first.accelerators or first.uncertain)
        covered = (first.accelerators | (first.uncertain if deny else frozenset())) & known
        unsure = not first.certain if not about_chips else False
        if (about_chips and not covered) or (unsure and deny is (first.kind == "subsidy")):
            continue
        terms = case.scenario.policy.terms.get(first.rule_id, Terms())
        periods = tuple(duty.period_index for duty in duties)
        yield Group(first, settled(first.effect, terms), terms, periods, covered)


def settled(effect: Effect, terms: Terms) -> Effect:
    """An effect with the scenario's terms in the place of the parameters of the same name."""
    stated = {name: getattr(terms, name) for name in terms.model_fields_set - {"energy_quota"}}
    return effect.model_copy(update={k: v for k, v in stated.items() if k in type(effect).model_fields})


def check_terms(case: Case) -> None:
    """Terms must name a rule, and parameters that one of its effects has. Raises InputError at their place."""
    document, rules = case.scenario.document, case.permissions.regime.book.rules
    for name, terms in case.scenario.policy.terms.items():
        place = None if document is None else document.key_place(("policy", "terms", name))
        if name not in rules:
            near = nearest(name, rules)
            hint = f"did you mean {near!r}?" if near else "name a rule by its id: planner policy list"
            raise InputError([Diagnostic("unknown-rule", f"there is no rule {name!r}", hint, place)])
        fields = {
            field
            for effect in rules[name].effects
            for field in (*type(effect.spec).model_fields, *READ.get(effect.spec.type, ()))
        }
        unread = sorted(terms.model_fields_set - fields)
        if unread:
            message = f"no effect of {name} has {', '.join(unread)}"
            has = sorted(set(Terms.model_fields) & fields)
            hint = f"it has {', '.join(has)}" if has else "none of its effects has terms to be settled"
            raise InputError([Diagnostic("unread-terms", message, hint, place)])


READ: Mapping[str, tuple[str, ...]] = {
    "domestic_share_min": ("counts", "every"),
    "quantity_cap": ("every",),
    "bundled_purchase": ("every",),
}
"""Terms that a kind of effect reads besides its own parameters."""


def site_index(case: Case, site: str | None) -> int | None:
    """Number of a site; None for none."""
    ids = [place.id for place in sorted_sites(case.scenario)]
    return None if site is None else ids.index(site)


def refuse_terms(case: Case, group: Group, key: str, message: str, hint: str) -> InputError:
    """The error of a term that cannot be meant, at its place."""
    document = case.scenario.document
    path = ("policy", "terms", group.first.rule_id, key)
    place = None if document is None else document.place(path)
    return InputError([Diagnostic("terms", message, hint, place)])
