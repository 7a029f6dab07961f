"""What looks wrong in rules that load: names that nothing in the catalog answers to."""

from collections.abc import Iterator

from planner.catalog.load import Catalog
from planner.errors import Diagnostic, nearest
from planner.policy.book import Rule, Rulebook
from planner.policy.predicate import All, Either, Leaf, Not, Predicate
from planner.policy.vocabulary import normalise


def check_rules(catalog: Catalog, book: Rulebook) -> Iterator[Diagnostic]:
    """A warning for each name in a rule that no accelerator, family or vendor of the catalog has."""
    known = _known(catalog)
    for rule in book.rules.values():
        for leaf in _leaves(rule):
            names = known.get(leaf.field)
            if names is None:
                continue
            for value in sorted(leaf.value if isinstance(leaf.value, frozenset) else {leaf.value}):
                if value not in names:
                    close = nearest(value, names)
                    message = f"{rule.id}: nothing in the catalog has {leaf.field} {value!r}"
                    hint = f"did you mean {close!r}?" if close else "it will match once the catalog has it"
                    yield Diagnostic("unknown-name", message, hint, rule.place, "warning")


def _known(catalog: Catalog) -> dict[str, frozenset[str]]:
    """Normalised names by field that the catalog can answer."""
    chips = catalog.accelerators.values()
    names = catalog.names("accelerators")
    vendors = catalog.vendors.values()
    found = {
        "chip.sku": {n for c in chips for n in (c.id, *c.aliases, *names.of_id(c.id))},
        "chip.family": {c.family for c in chips if c.family},
        "chip.vendor": {n for v in vendors for n in (v.id, v.name, *v.aliases)},
    }
    return {field: frozenset(map(normalise, values)) for field, values in found.items()}


def _leaves(rule: Rule) -> Iterator[Leaf]:
    for predicate in (rule.covered, rule.reach, rule.scope, *(effect.when for effect in rule.effects)):
        yield from _of(predicate)


def _of(predicate: Predicate) -> Iterator[Leaf]:
    match predicate:
        case Leaf():
            yield predicate
        case Not(part):
            yield from _of(part)
        case All(parts) | Either(parts):
            for part in parts:
                yield from _of(part)
