"""Small worlds for tests: a catalog folder of made-up chips and buyers, and rules written by hand."""

from pathlib import Path

from planner.catalog.load import Catalog, load_catalog

CHIPS = """
vendors:
  - {id: acme, name: Acme, country: AA}
  - {id: bolt, name: Bolt, country: BB}
"""
ACCELERATORS = """
accelerators:
  - id: acme-one
    name: One
    vendor: acme
    family: Uno
    aliases: [One]
    country_of_design: AA
    us_controlled: false
    peak: {bf16: 100 TFLOP/s}
    memory_bandwidth: 1000 GB/s
  - id: acme-vague
    name: Vague
    vendor: acme
    country_of_design: AA
    us_controlled: false
    memory_bandwidth: {low: 900 GB/s, mid: 1000 GB/s, high: 1200 GB/s}
  - {id: bolt-two, name: Two, vendor: bolt, family: Duo, country_of_design: BB, us_controlled: false}
"""
BUYERS = """
buyers:
  - id: bb-buyer
    name: Buyer in BB
    country: BB
    hq_country: BB
    ultimate_parent_country: BB
    ownership: private
    tags: [big]
    us_exposure: false
    entity_listed: false
    listed_owner_share: 0
"""


def world(folder: Path, rules: str = "", *, builtin: bool = True) -> Catalog:
    """The shipped vocabulary without its rules, the made-up chips, and `rules` (a list in YAML, indented by two)."""
    from planner.catalog.folder import builtin_folder

    (folder / "policies").mkdir(parents=True, exist_ok=True)
    (folder / "buyers").mkdir(exist_ok=True)
    if builtin:
        for name in ("vocabulary", "derivations", "groups"):
            source = builtin_folder() / "policies" / f"{name}.yaml"
            (folder / "policies" / f"{name}.yaml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "vendors.yaml").write_text(CHIPS, encoding="utf-8")
    (folder / "accelerators.yaml").write_text(ACCELERATORS, encoding="utf-8")
    (folder / "buyers" / "buyers.yaml").write_text(BUYERS, encoding="utf-8")
    if rules:
        (folder / "policies" / "own.yaml").write_text(f"rules:\n{rules}\n", encoding="utf-8")
    return load_catalog([folder])


def rule(rule_id: str, effects: str, **fields: str) -> str:
    """One rule as YAML text, in force since 2020 unless `fields` (already YAML) say otherwise."""
    given = {
        "id": rule_id,
        "issuer": "Somebody",
        "jurisdiction": "BB",
        "legal_form": "order",
        "status": "in_force",
        "announced": "2020-01-01",
        "effective_from": "2020-01-01",
        "date_precision": "day",
        "effects": effects,
        "summary": "A rule of the tests.",
        "confidence": "high",
        "sources": "[a test]",
    } | fields
    lines = [f"    {key}: {value}" for key, value in given.items() if value]
    return "  - " + "\n".join(lines).lstrip()
