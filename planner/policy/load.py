"""Read catalogs/policies: vocabulary, groups, derived facts and rules, each fault with its file, line and column."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pydantic import Field

from planner.catalog.change import policies
from planner.catalog.folder import Folder
from planner.catalog.load import Catalog
from planner.errors import Collector, InputError, Place, nearest
from planner.io.models import StrictModel
from planner.io.yaml import Document, YamlPath, load, parse
from planner.policy.book import BoundEffect, Derivation, Rule, Rulebook
from planner.policy.compile import Compiler
from planner.policy.rule import RuleSpec
from planner.policy.vocabulary import DerivationSpec, FieldSpec, GroupSpec, Vocabulary

FOLDER = "policies"


class PolicyFile(StrictModel):
    """One file of catalogs/policies: one or more of these keys."""

    rules: tuple[RuleSpec, ...] = ()
    vocabulary: dict[str, FieldSpec] = Field(default_factory=dict)
    groups: dict[str, GroupSpec] = Field(default_factory=dict)
    derivations: tuple[DerivationSpec, ...] = ()


type Placed = tuple[Document, PolicyFile]


def rulebook(catalog: Catalog, extra: Sequence[dict[str, Any]] = (), origin: Document | None = None) -> Rulebook:
    """The rulebook of the catalog's folders, later ones over earlier ones by id, with further rules as written over it.

    `origin`: the scenario's document, for their places. Raises InputError with every fault found, each at its place.
    """
    layers = tuple(_files(folder) for folder in catalog.folders)
    stamps = tuple((path, path.stat().st_mtime_ns) for layer in layers for path, _ in layer)
    changes = [change for change in catalog.changes if change.kind == FOLDER]
    documents = [policies(layer, changes) for layer in _documents(layers, stamps)] if changes else []
    try:
        if not changes:
            return _built(layers, stamps, _Further(repr(extra), extra))
        return build_rulebook([*documents, *_layers_of(extra)])
    except InputError:
        if origin is None or not extra:
            raise
        return build_rulebook([*(documents or _documents(layers, stamps)), *_layers_of(extra, origin)])


type _Files = tuple[tuple[Path, bool], ...]
"""Paths, and whether the file may hold other kinds of entries too."""


def _files(folder: Folder) -> _Files:
    return (*((path, False) for path in folder.files.get(FOLDER, ())), *((path, True) for path in folder.mixed))


@dataclass(frozen=True, slots=True)
class _Further:
    """Rules of a scenario, the same where they are written the same."""

    text: str
    rules: Sequence[dict[str, Any]] = field(compare=False)


@lru_cache(maxsize=8)
def _built(layers: tuple[_Files, ...], stamps: tuple[tuple[Path, int], ...], extra: _Further) -> Rulebook:
    return build_rulebook([*_documents(layers, stamps), *_layers_of(extra.rules)])


def _layers_of(rules: Sequence[dict[str, Any]], origin: Document | None = None) -> Iterator[tuple[Document, ...]]:
    """Further rules as a layer of their own, if there are any; at their places in the document they come from."""
    if rules:
        file = "policy.rules of the scenario" if origin is None else origin.path
        places = {} if origin is None else origin.places
        below = {path[1:]: place for path, place in places.items() if path[:2] == ("policy", "rules")}
        yield (Document({"rules": list(rules)}, file, below),)


@lru_cache(maxsize=8)
def _documents(layers: tuple[_Files, ...], stamps: tuple[tuple[Path, int], ...]) -> tuple[tuple[Document, ...], ...]:
    """Read every file; `stamps` make a changed file a new one to the cache."""
    return tuple(tuple(found for path, mixed in layer for found in _document(path, mixed)) for layer in layers)


def _document(path: Path, mixed: bool) -> Iterator[Document]:
    """The document; of a file of mixed entries only its rules."""
    near = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    document = load(near)
    if not mixed:
        yield document
    elif isinstance(document.value, dict) and "rules" in document.value:
        yield replace(document, value={"rules": document.value["rules"]})


def build_rulebook(layers: Iterable[Iterable[Document]]) -> Rulebook:
    """The rulebook of layers of documents; within a layer an id may be given once, a later layer replaces it."""
    faults = Collector()
    parsed = [list(_parse_all(layer, faults)) for layer in layers]
    faults.raise_if_any()
    every = [placed for layer in parsed for placed in layer]
    vocabulary = _vocabulary(every)
    derivations = tuple(_derivations(every, vocabulary, faults))
    found: dict[str, tuple[RuleSpec, Rule, Document, YamlPath]] = {}
    for layer in parsed:
        here: dict[str, Place] = {}
        for document, file in layer:
            for index, spec in enumerate(file.rules):
                at: YamlPath = ("rules", index)
                _refuse_twice(spec.id, here, document.place((*at, "id")), faults)
                found[spec.id] = (spec, _rule(spec, document, at, vocabulary, faults), document, at)
    _check_relations(found, faults)
    faults.raise_if_any()
    return Rulebook({key: rule for key, (_, rule, _, _) in found.items()}, vocabulary, derivations)


def _parse_all(layer: Iterable[Document], faults: Collector) -> Iterator[Placed]:
    for document in layer:
        try:
            yield document, parse(PolicyFile, document)
        except InputError as error:
            faults.extend(error)


def _vocabulary(files: list[Placed]) -> Vocabulary:
    fields: dict[str, FieldSpec] = {}
    groups: dict[str, frozenset[str]] = {}
    for _, file in files:
        fields |= file.vocabulary
        groups |= {name: frozenset(group.countries) for name, group in file.groups.items()}
    return Vocabulary(fields, groups)


def _derivations(files: list[Placed], vocabulary: Vocabulary, faults: Collector) -> Iterator[Derivation]:
    for document, file in files:
        compiler = Compiler(vocabulary, faults, document.place)
        for index, spec in enumerate(file.derivations):
            at: YamlPath = ("derivations", index)
            target = compiler.field(spec.set, (*at, "set"))
            for key in ("first_known", "differs", "sum"):
                for position, name in enumerate(getattr(spec, key) or ()):
                    compiler.field(name, (*at, key, position))
            cases: list[tuple[Any, Any]] = []
            for position, case in enumerate(spec.cases or ()):
                when = compiler.predicate(case.when, (*at, "cases", position, "when"))
                place = (*at, "cases", position, "value")
                cases.append((when, _case_value(case.value, target, spec.set, place, compiler)))
            yield Derivation(spec, tuple(cases))


def _case_value(value: Any, target: FieldSpec | None, name: str, at: YamlPath, compiler: Compiler) -> Any:
    if target is None:
        return None
    if target.several and isinstance(value, list):
        return frozenset(compiler.value(item, target, name, (*at, i)) for i, item in enumerate(value))
    return compiler.value(value, target, name, at)


def _refuse_twice(rule_id: str, here: dict[str, Place], place: Place, faults: Collector) -> None:
    if rule_id in here:
        message = f"rule {rule_id!r} is given twice; the first is at {here[rule_id]}"
        faults.add("duplicate-id", message, "rename or remove one of them", place)
    here.setdefault(rule_id, place)


def _rule(spec: RuleSpec, document: Document, at: YamlPath, vocabulary: Vocabulary, faults: Collector) -> Rule:
    compiler = Compiler(vocabulary, faults, document.place)
    effects = tuple(
        BoundEffect(effect, compiler.predicate(effect.when, (*at, "effects", index, "when")))
        for index, effect in enumerate(spec.effects)
    )
    return Rule(
        spec,
        compiler.predicate(spec.covered_buyers, (*at, "covered_buyers")),
        compiler.predicate(spec.applies_when, (*at, "applies_when")),
        compiler.predicate(spec.scope, (*at, "scope")),
        effects,
        document.place(at),
    )


def _check_relations(found: dict[str, tuple[RuleSpec, Rule, Document, YamlPath]], faults: Collector) -> None:
    """Every rule named by another exists, and supersession and relaxation have no cycle."""
    for spec, _, document, at in found.values():
        for relation in ("supersedes", "relaxes", "pairs_with"):
            for index, target in enumerate(getattr(spec, relation)):
                if target not in found:
                    close = nearest(target, found)
                    hint = f"did you mean {close!r}?" if close else "name a rule of the catalog by its id"
                    place = document.place((*at, relation, index))
                    faults.add("unknown-rule", f"{spec.id} {relation} {target!r}, which is no rule", hint, place)
    for relation, words in (("supersedes", "supersession"), ("relaxes", "relaxation")):
        _refuse_cycle(found, relation, words, faults)


def _refuse_cycle(
    found: dict[str, tuple[RuleSpec, Rule, Document, YamlPath]], relation: str, words: str, faults: Collector
) -> None:
    graph: dict[str, Sequence[str]] = {key: getattr(spec, relation) for key, (spec, _, _, _) in found.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = list(reversed(error.args[1]))
        _, _, document, at = found[circle[0]]
        message = f"a cycle of {words}: {' -> '.join(circle)}"
        place = document.place((*at, relation))
        faults.add("rule-cycle", message, f"remove one of these from `{relation}`", place)
