"""The kinds of entries: file names, models, and which fields refer to entries of other kinds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from pydantic import BaseModel

from planner.io.models import Published

type FieldPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the key at the top of its files (and their name or folder), the model, the references."""

    name: str
    """Plural: file, folder and top key."""
    singular: str
    module: str
    """Module and class of the model, imported on first use."""
    references: Mapping[str, str] = field(default_factory=dict)
    """Field of an entry (an id or a list of ids) to the kind it refers to."""
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field that holds ids or aliases (a name, a list, or the keys of a mapping) to the kinds they may be of."""
    merged: frozenset[str] = frozenset()
    """Fields that `like` merges key by key instead of replacing."""
    key: str | None = None
    """Top key of its files when it isn't the name."""

    @property
    def model(self) -> type[BaseModel]:
        """The pydantic model of an entry."""
        module, _, name = self.module.rpartition(".")
        model: type[BaseModel] = getattr(import_module(module), name)
        return model

    @property
    def top(self) -> str:
        """The key at the top of its files."""
        return self.key or self.name


_C = "planner.catalog"
_KINDS = (
    Kind(
        "accelerators",
        "accelerator",
        f"{_C}.accelerator.Accelerator",
        {"vendor": "vendors", "platform": "platforms", "scale_up_fabric": "fabrics"},
        merged=frozenset({"peak", "components", "silence"}),
    ),
    Kind(
        "systems",
        "system",
        f"{_C}.system.System",
        {"vendor": "vendors", "accelerator": "accelerators", "fabrics": "fabrics", "scale_up_fabric": "fabrics"},
        merged=frozenset({"components", "silence"}),
    ),
    Kind("components", "component", f"{_C}.component.Component", merged=frozenset({"silence"})),
    Kind("fabrics", "fabric", f"{_C}.fabric.Fabric", {"vendor": "vendors"}, merged=frozenset({"silence"})),
    Kind("transformers", "transformer", f"{_C}.transformer.Transformer"),
    Kind("regions", "region", f"{_C}.region.Region", merged=frozenset({"pue", "silence"})),
    Kind("buyers", "buyer", f"{_C}.buyer.Buyer"),
    Kind(
        "supply",
        "supply record",
        f"{_C}.supply.Supply",
        named=dict.fromkeys(("accelerator", "accelerators_group", "split"), ("accelerators",)),
    ),
    Kind("roadmap", "roadmap entry", f"{_C}.supply.Roadmap", named={"product": ("accelerators", "systems")}),
    Kind("assumptions", "assumption", f"{_C}.assumption.Assumption", merged=frozenset({"parameters"})),
    Kind("economics", "economic parameter", f"{_C}.parameter.Parameter"),
    Kind(
        "payment_terms",
        "payment terms",
        f"{_C}.terms.PaymentTerms",
        {"vendors": "vendors"},
        named={"systems": ("systems",), "accelerators": ("accelerators",)},
    ),
    Kind("tax_regimes", "tax regime", f"{_C}.tax.TaxRegime"),
    Kind("sources", "source", f"{_C}.source.Source"),
    Kind("vendors", "vendor", f"{_C}.vendor.Vendor"),
    Kind("platforms", "platform", f"{_C}.vendor.Platform", {"vendor": "vendors", "compatible_with": "platforms"}),
)


KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
"""Every kind of entry by its plural name."""

OTHER_DOCUMENTS = frozenset({"policies", "calibration", "measurements", "aliases", "lint"})
"""Files and folders of a catalog that other stages read through `Catalog.documents`."""


GUESTS: Mapping[str, tuple[str, ...]] = {"supply": ("roadmap",), "vendors": ("platforms",)}
"""Kinds that may also stand in files of another kind."""

TOP_KEYS = frozenset({kind.top for kind in _KINDS} | {"aliases", "lint", "rules"})
"""Keys that a file at the top of a catalog folder may have."""


def kind_of(name: str) -> Kind | None:
    """The kind by plural or singular name."""
    return KINDS.get(name) or next((kind for kind in _KINDS if kind.singular == name), None)


def facts_of(entry: BaseModel) -> Iterator[tuple[FieldPath, Published[Any]]]:
    """Every fact inside an entry with its path, null ones too, and the conflicting values kept beside them."""
    yield from _facts(entry, ())


def _facts(value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, Published[Any]]]:
    if isinstance(value, Published):
        yield path, value
        for index, other in enumerate(getattr(value, "conflicts", ())):
            yield (*path, "conflicts", index), other
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            inner = getattr(value, name)
            if isinstance(inner, BaseModel | tuple | dict):
                yield from _facts(inner, (*path, info.alias or name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _facts(item, (*path, index))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _facts(item, (*path, name))


def references_of(kind: Kind, entry: BaseModel) -> Iterator[tuple[FieldPath, str, str]]:
    """Every reference: path of the field, kind referred to, id."""
    for name, target in kind.references.items():
        yield from _ids((name,), target, getattr(entry, name))
    if "source" in type(entry).model_fields:
        yield from _ids(("source",), "sources", getattr(entry, "source", ()))
    for path, fact in facts_of(entry):
        yield from _ids((*path, "source"), "sources", fact.source)


def names_of(kind: Kind, entry: BaseModel) -> Iterator[tuple[FieldPath, tuple[str, ...], str]]:
    """Every id or alias an entry gives: path of the field, kinds it may be of, name."""
    for field_name, kinds in kind.named.items():
        value = getattr(entry, field_name)
        if isinstance(value, dict):
            yield from (((field_name, name), kinds, name) for name in value)
        else:
            yield from ((path, kinds, name) for path, _, name in _ids((field_name,), "", value))


def _ids(path: FieldPath, target: str, value: Any) -> Iterator[tuple[FieldPath, str, str]]:
    if isinstance(value, str):
        yield path, target, value
    elif value:
        for index, item in enumerate(value):
            yield (*path, index), target, item
