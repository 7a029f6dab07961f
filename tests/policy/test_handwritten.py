"""A rule file that the program has never seen: new jurisdiction, new tag, new field, dates, a lane."""

from datetime import date

from planner.policy.questions import Query, decide
from tests.policy.worlds import world

RULES = """\
  - id: bb-2030-memory
    issuer: Ministry of BB
    jurisdiction: BB-01
    legal_form: decree
    status: in_force
    announced: 2030-01-01
    effective_from: 2030-02-01
    date_precision: day
    covered_buyers:
      all:
        - {field: buyer.tags, op: contains, value: big}
        - {field: buyer.country, op: in, value: ["group:home"]}
    applies_when: {field: transaction.crosses_border, op: ==, value: true}
    scope:
      any:
        - {field: chip.dram_bandwidth_gb_s, op: ">", value: 1 TB/s}
        - {field: chip.colour, op: ==, value: red}
    effects:
      - {type: import_blocked}
      - {type: pending_order_cancelled, refund_share: 40 %}
      - {type: new_order_prohibited, effective_from: 2030-06-01}
    transition: {installed_base: kept, pending_orders: cancelled, service: null}
    summary: No fast or red foreign memory.
    confidence: high
    sources: [a decree]
"""
WORDS = """
vocabulary:
  chip.colour: {kind: choice, options: [red, blue], meaning: Colour of the box}
groups:
  home: {countries: [BB], meaning: Just BB}
"""


def test_a_new_rule_field_and_group_need_only_yaml(tmp_path):
    """acme-one is at the bound (1,000 GB/s, strict), foreign to the buyer; its colour is a fact nobody answers."""
    catalog = world(tmp_path, RULES)
    (tmp_path / "policies" / "words.yaml").write_text(WORDS, encoding="utf-8")
    catalog = world(tmp_path, RULES)

    def ask(chip, action, day, **facts):
        return decide(catalog, Query(chip, "bb-buyer", action, date.fromisoformat(day), facts=facts)).allowed

    assert ask("acme-one", "import", "2030-02-01") is None, "the colour is not known"
    assert ask("acme-one", "import", "2030-02-01", **{"chip.colour": "red"}) is False
    assert ask("acme-one", "import", "2030-02-01", **{"chip.colour": "blue"}) is True
    assert ask("acme-one", "order", "2030-02-01", **{"chip.colour": "red"}) is True
    assert ask("acme-one", "order", "2030-06-01", **{"chip.colour": "red"}) is False
    assert ask("bolt-two", "import", "2030-02-01", **{"chip.colour": "red"}) is True, (
        "designed at home: nothing crosses"
    )
    assert ask("acme-vague", "import", "2030-02-01", **{"chip.colour": "blue"}) is None, "900 to 1,200 GB/s straddles"


def test_without_takes_the_jurisdiction_of_a_province_with_its_country(tmp_path):
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "words.yaml").write_text(WORDS, encoding="utf-8")
    catalog = world(tmp_path, RULES)
    query = Query("acme-one", "bb-buyer", "import", date(2030, 3, 1), facts={"chip.colour": "red"})
    for names in (["BB"], ["BB-01"], ["bb-2030-memory"]):
        assert decide(catalog, query, without=names).allowed is True
    assert decide(catalog, query).allowed is False


def test_a_folder_overlays_a_shipped_rule_by_id(tmp_path, catalog):
    """A user's rule with the id of a shipped one replaces it."""
    from planner.catalog.load import load_catalog
    from tests.policy.worlds import rule

    (tmp_path / "policies").mkdir()
    text = "rules:\n" + rule("cn-2025-09-rtx6000d", "[{type: statement}]", jurisdiction="CN")
    (tmp_path / "policies" / "mine.yaml").write_text(text, encoding="utf-8")
    mine = load_catalog(["builtin", tmp_path])
    query = Query("nvidia-rtx-6000d", "cn-internet", "order", date(2025, 10, 15))
    assert decide(catalog, query).allowed is False
    assert decide(mine, query).allowed is True
