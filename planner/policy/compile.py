"""From predicates as written to predicates as evaluated: fields known, values in base units, groups spelt out."""

from collections.abc import Callable
from typing import Any

from planner.errors import Collector, Diagnostic, InputError, Place, nearest
from planner.io.yaml import Document, YamlPath
from planner.io.yaml import parse as parse_model
from planner.policy.predicate import All, Either, Leaf, Not, Op, Predicate
from planner.policy.vocabulary import FieldSpec, PredicateSpec, Vocabulary, normalise
from planner.units import parse

_GROUP = "group:"
_LISTS = ("in", "not_in")
_ORDERS = ("<", "<=", ">", ">=")


class Compiler:
    """Compiles the predicates of one document, noting every fault at its place."""

    def __init__(self, vocabulary: Vocabulary, faults: Collector, place: Callable[[YamlPath], Place]) -> None:
        self._vocabulary = vocabulary
        self._faults = faults
        self._place = place

    def predicate(self, spec: PredicateSpec | None, at: YamlPath) -> Predicate:
        """The predicate at `at`; one that is left out is always true."""
        if spec is None:
            return All()
        if spec.all is not None:
            return All(tuple(self.predicate(p, (*at, "all", i)) for i, p in enumerate(spec.all)))
        if spec.any is not None:
            return Either(tuple(self.predicate(p, (*at, "any", i)) for i, p in enumerate(spec.any)))
        if spec.not_ is not None:
            return Not(self.predicate(spec.not_, (*at, "not")))
        assert spec.field is not None and spec.op is not None
        return self._leaf(spec.field, spec.op, spec.value, at)

    def field(self, name: str, at: YamlPath) -> FieldSpec | None:
        """The field called `name`; None, with a fault noted at `at`, when there is none."""
        known = self._vocabulary.fields
        if name not in known:
            close = nearest(name, known)
            hint = f"did you mean {close!r}?" if close else f"fields: {', '.join(sorted(known))}"
            self._faults.add("unknown-field", f"unknown predicate field {name!r}", hint, self._place(at))
        return known.get(name)

    def value(self, value: Any, spec: FieldSpec, name: str, at: YamlPath) -> Any:
        """`value` as the field holds it: a number in the base unit, a normalised name, a bool, text."""
        try:
            return read_value(value, spec, name)
        except InputError as error:
            first = error.diagnostics[0]
            self._faults.add(Diagnostic(first.code, first.message, first.hint, self._place(at)))
            return None

    def _leaf(self, name: str, op: Op, value: Any, at: YamlPath) -> Predicate:
        spec = self.field(name, (*at, "field"))
        if spec is None:
            return All()
        self._check_operator(name, op, value, spec, at)
        if op not in _LISTS:
            if isinstance(value, list | tuple):
                return All()
            return Leaf(name, op, self.value(value, spec, name, (*at, "value")))
        members = value if isinstance(value, list | tuple) else ()
        found: set[Any] = set()
        for position, member in enumerate(members):
            found |= self._member(member, spec, name, (*at, "value", position))
        return Leaf(name, op, frozenset(found))

    def _check_operator(self, name: str, op: Op, value: Any, spec: FieldSpec, at: YamlPath) -> None:
        listed = isinstance(value, list | tuple)
        if op in _LISTS and not (listed and value):
            self._fault("wrong-value", f"{op} needs a list of values", 'write "==" for a single value', at, "value")
        if op not in _LISTS and listed:
            hint = "write in or not_in for a list of values"
            self._fault("wrong-value", f"{op} compares with a single value, not a list", hint, at, "value")
        if op in _ORDERS and spec.kind not in ("number", "quantity"):
            self._fault("wrong-value", f"{name} is a {spec.kind}; {op} needs a number", "write == or in", at, "op")
        if op == "contains" and not spec.several:
            hint = "write == for a field with one value"
            self._fault("wrong-value", f"{name} has one value; contains asks a field of several", hint, at, "op")

    def _fault(self, code: str, message: str, hint: str, at: YamlPath, part: str) -> None:
        self._faults.add(code, message, hint, self._place((*at, part)))

    def _member(self, member: Any, spec: FieldSpec, name: str, at: YamlPath) -> frozenset[Any]:
        """One entry of a list: a value, or the countries of a group."""
        if not (isinstance(member, str) and member.startswith(_GROUP)):
            return frozenset((self.value(member, spec, name, at),))
        group = member.removeprefix(_GROUP)
        known = self._vocabulary.groups
        if spec.kind != "country":
            self._faults.add("wrong-value", f"{name} is no country: {member} does not fit", None, self._place(at))
        elif group not in known:
            close = nearest(group, known)
            hint = f"did you mean {_GROUP}{close}?" if close else f"groups: {', '.join(sorted(known))}"
            self._faults.add("unknown-group", f"unknown group of countries {group!r}", hint, self._place(at))
        return known.get(group, frozenset())


def compiled(spec: Any, vocabulary: Vocabulary, origin: Document | None = None, at: YamlPath = ()) -> Predicate:
    """A predicate written outside of a rule, at `at` of its document. Raises InputError with every fault."""
    document = origin if origin is not None and _held(origin, at) == spec else None
    if document is None:
        document, at = Document(spec, "<predicate>", {}), ()
    faults = Collector()
    predicate = Compiler(vocabulary, faults, document.place).predicate(parse_model(PredicateSpec, document, at), at)
    faults.raise_if_any()
    return predicate


def _held(document: Document, at: YamlPath) -> Any:
    try:
        return document.get(at)
    except KeyError:
        return None


def read_value(value: Any, spec: FieldSpec, name: str) -> Any:
    """`value` as a field holds it. Raises InputError without a place when it does not fit the field."""
    if spec.kind == "quantity":
        assert spec.dimension is not None
        try:
            return parse(value, spec.dimension)
        except InputError as error:
            first = error.diagnostics[0]
            raise InputError.of(first.code, f"{name}: {first.message}", first.hint) from None
    if spec.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
            hint = f"{name} has no unit" if isinstance(value, str) else None
            raise InputError.of("wrong-type", f"{name} is a plain number: got {value!r}", hint)
        return float(value)
    if spec.kind == "flag":
        if not isinstance(value, bool):
            raise InputError.of("wrong-type", f"{name} is true or false: got {value!r}", "write true or false")
        return value
    if not isinstance(value, str):
        raise InputError.of("wrong-type", f"{name} is text: got {value!r}", f'write "{value}"')
    if spec.kind == "name":
        return normalise(value)
    if spec.kind == "country" and not (len(value) == 2 and value.isupper()):
        raise InputError.of("wrong-value", f"{value!r} is no country code", "write two capital letters, as in CN")
    if spec.options and value not in spec.options:
        close = nearest(value, spec.options)
        hint = f"did you mean {close!r}?" if close else f"options: {', '.join(spec.options)}"
        raise InputError.of("wrong-value", f"{name} cannot be {value!r}", hint)
    return value
