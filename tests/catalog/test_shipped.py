"""The catalog that comes with the program: clean, sourced, complete and quick to read."""

import time

from planner.catalog.lint import check
from planner.catalog.load import Catalog, load_catalog
from planner.catalog.resolve import resolve_region, resolve_system


def test_it_is_clean_and_every_fact_has_a_source(shipped: Catalog):
    report = check(shipped)
    assert [str(finding) for finding in report.findings] == []
    assert report.sourced == report.facts > 2000


def test_everything_for_sale_can_be_planned_with_at_every_level(shipped: Catalog):
    for name, system in shipped.systems.items():
        if not shipped.accelerators[system.accelerator].rent_only and "unplannable" not in system.silence:
            low, mid, high = (resolve_system(shipped, name, level) for level in ("low", "mid", "high"))
            assert low.power_kw <= mid.power_kw <= high.power_kw
            assert low.price is not None
            assert mid.price is not None
            assert low.price <= mid.price
    for name, region in shipped.regions.items():
        if "unplannable" not in region.silence:
            resolve_region(shipped, name)


def test_quoted_processing_performance_agrees_or_says_why(shipped: Catalog):
    for chip in shipped.accelerators.values():
        if chip.quoted_tpp and chip.tpp and "quoted-tpp" not in chip.silence:
            assert abs(chip.tpp / chip.quoted_tpp - 1) < 0.01, chip.id


def test_it_loads_within_a_second_or_so():
    """Processor time of reading and checking every kind; the limit leaves room for a slow machine."""
    start = time.process_time()
    catalog = load_catalog()
    for kind in ("accelerators", "systems", "fabrics", "transformers", "regions", "supply", "assumptions", "economics"):
        catalog.entries(kind)
    assert time.process_time() - start < 2.0
