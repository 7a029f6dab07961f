"""Scenario files: read, patched, checked against the catalog; every fault at once, each at its place."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from planner.catalog.load import Catalog, load_catalog
from planner.collector import resting
from planner.errors import Collector, InputError
from planner.io.merge import apply_patch
from planner.io.yaml import Document, YamlPath, load, loads, parse
from planner.scenario.canonical import canonical
from planner.scenario.checks import check
from planner.scenario.defaults import opened
from planner.scenario.model import Scenario


def load_scenario(path: str | Path) -> Scenario:
    """The scenario of a YAML file.

    Raises InputError (exit code 1) with file, line and column of every fault: unknown keys and names, wrong
    units, impossible values, dates outside the horizon.
    """
    return scenario_of(load(path))


@resting()
def scenario_of(document: Document) -> Scenario:
    """The scenario of a YAML document already read; raises InputError as `load_scenario` does."""
    scenario = parse(Scenario, document)
    scenario._document = document  # the model is frozen for its users; its origin belongs to it
    catalog = catalog_of(scenario)
    check(scenario, catalog, document, faults := Collector())
    faults.raise_if_any()
    return canonical(scenario, catalog)


def patched(
    scenario: Scenario, patch: Mapping[str, Any], origin: Document | None = None, at: YamlPath = ()
) -> Scenario:
    """The scenario with strict path patches (`sites.ulanqab.grid: 60 MW`), checked again.

    `origin` is the document that holds the patch, `at` its path there: the places of complaints.
    Raises InputError for a path that hits nothing, with the nearest key.
    """
    origin = origin or Document(dict(patch), "<patch>", {})
    document = opened(scenario.document or document_of(scenario), scenario, patch, origin, at)
    return scenario_of(apply_patch(document, patch, origin, at))


def document_of(scenario: Scenario) -> Document:
    """A YAML document of a scenario made in Python."""
    import json

    return loads(json.dumps(scenario.model_dump(mode="json", exclude_unset=True)), f"<{scenario.name}>")


def catalog_of(scenario: Scenario) -> Catalog:
    """The catalog a scenario asks for, with its own parameters and facts; folders are relative to its file."""
    base = Path(scenario.document.path).resolve().parent if scenario.document else Path.cwd()
    catalog = _opened(scenario, base)
    for name, value in scenario.parameters.items():
        place = scenario.document.place(("parameters", name)) if scenario.document is not None else None
        catalog = catalog.with_parameters({name: value}, place)
    return catalog.with_facts(scenario.facts, scenario.document, ("facts",)) if scenario.facts else catalog


def _opened(scenario: Scenario, base: Path) -> Catalog:
    try:
        return _catalog(tuple(scenario.catalog), base)
    except InputError as error:
        raise error.placed(None if scenario.document is None else scenario.document.place(("catalog",))) from None


@lru_cache(maxsize=8)
def _catalog(folders: tuple[str, ...], base: Path) -> Catalog:
    return load_catalog(folders, base)
