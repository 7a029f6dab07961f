"""Reading catalog folders: kinds, aliases, overlays, inheritance, and refusals at their place."""

from pathlib import Path

import pytest

from planner.catalog.folder import builtin_folder
from planner.catalog.load import Catalog, load_catalog
from planner.errors import Diagnostic, InputError
from tests.catalog.conftest import Write

CHIP = """\
accelerators:
  - id: mine
    name: Mine
    vendor: acme
    memory: {value: 32 GB, source: press, confidence: press}
"""


def faults(*folders: Path, kind: str = "accelerators") -> list[Diagnostic]:
    """Every fault of loading a kind."""
    with pytest.raises(InputError) as caught:
        load_catalog(folders).entries(kind)
    return list(caught.value.diagnostics)


def one(*folders: Path, kind: str = "accelerators") -> tuple[str, str, str, str | None]:
    """Code, file:line:column below the folders, message and hint of the only fault."""
    (found,) = faults(*folders, kind=kind)
    assert found.place is not None
    place = f"{Path(found.place.file).name}:{found.place.line}:{found.place.column}"
    return found.code, place, found.message, found.hint


def test_the_shipped_folder_is_found_in_a_checkout():
    assert (builtin_folder() / "sources.yaml").is_file()


def test_facts_are_read_in_base_units(catalog: Catalog):
    chip = catalog.accelerators["acme-one"]
    assert chip.tdp is not None
    assert chip.tdp.at("mid") == 0.5
    assert chip.memory_bandwidth is not None
    assert chip.memory_bandwidth.at("mid") == 1600
    assert str(chip.price.at("low")) == "90000 CNY"  # type: ignore[union-attr]


def test_a_kind_is_read_only_when_asked_for(tiny: Path):
    """A fault in one kind does not keep another from loading."""
    (tiny / "systems" / "acme.yaml").write_text("systems: [broken\n")
    catalog = load_catalog([tiny])
    assert len(catalog.accelerators) == 2
    with pytest.raises(InputError, match="yaml-syntax"):
        _ = catalog.systems


def test_one_yaml_file_in_a_users_folder_adds_a_chip(tiny: Path, write: Write):
    catalog = load_catalog([tiny, write(chip=CHIP)])
    assert list(catalog.accelerators) == ["acme-one", "globex-two", "mine"]


def test_a_users_file_may_mix_kinds(tiny: Path, write: Write):
    text = (
        CHIP + "systems:\n  - {id: box, name: Box, vendor: acme, accelerator: mine, accelerators: 2, class: server}\n"
    )
    catalog = load_catalog([tiny, write(new=text)])
    assert catalog.systems["box"].accelerator == "mine"


def test_a_later_folder_replaces_a_whole_entry(tiny: Path, write: Write):
    """What the later entry leaves out is unknown again, not inherited."""
    text = CHIP.replace("id: mine", "id: acme-one")
    chip = load_catalog([tiny, write(chip=text)]).accelerators["acme-one"]
    assert chip.memory is not None
    assert chip.memory.at("mid") == 32
    assert chip.tdp is None


def test_overlaying_a_folder_twice_changes_nothing(tiny: Path, write: Write):
    mine = write(chip=CHIP)
    once, twice = load_catalog([tiny, mine]), load_catalog([tiny, mine, mine])
    assert once.accelerators == twice.accelerators
    assert list(once.accelerators) == list(twice.accelerators)


def test_like_inherits_what_it_does_not_say(tiny: Path, write: Write):
    text = """\
accelerators:
  - id: acme-one-plus
    like: acme-one
    name: One Plus
    memory: {value: 96 GB, source: press, confidence: press}
    peak:
      fp8: {value: 800 TFLOP/s, source: press, confidence: press}
"""
    chip = load_catalog([tiny, write(chip=text)]).accelerator("acme-one-plus")
    assert (chip.name, chip.memory.at("mid"), chip.tdp.at("mid")) == ("One Plus", 96, 0.5)  # type: ignore[union-attr]
    assert chip.peak.known() == {"bf16": 400, "fp8": 800, "int8": 800}
    assert chip.aliases == ()


def test_an_entry_like_itself_changes_some_fields_of_the_earlier_one(tiny: Path, write: Write):
    text = "systems:\n  - {id: acme-pod, like: acme-pod, racks: 5}\n"
    pod = load_catalog([tiny, write(pod=text)]).systems["acme-pod"]
    assert pod.racks.at("mid") == 5  # type: ignore[union-attr]
    assert pod.power.at("mid") == 60  # type: ignore[union-attr]


def test_an_inherited_fault_points_to_where_it_was_written(tiny: Path, write: Write):
    path = tiny / "accelerators" / "acme.yaml"
    path.write_text(path.read_text().replace("value: 64 GB", "value: 64 kW"))
    text = "accelerators:\n  - {id: other, like: acme-one, name: Other}\n"
    places = {str(f.place).rsplit("/", 1)[-1] for f in faults(tiny, write(chip=text))}
    assert places == {"acme.yaml:13:21"}


def test_places_of_entries_and_fields(catalog: Catalog):
    place = catalog.place("accelerators", "acme-one", ("peak", "bf16"))
    assert (Path(place.file).name, place.line, place.column) == ("acme.yaml", 11, 13)


def test_names_resolve_whatever_their_case(catalog: Catalog):
    assert catalog.identify("accelerators", "ONE") == "acme-one"
    assert catalog.members("accelerators", "everything") == ("acme-one", "globex-two")


def test_a_name_for_several_is_refused_where_one_is_meant(catalog: Catalog):
    with pytest.raises(InputError, match="stands for 2 accelerators: acme-one, globex-two"):
        catalog.accelerator("Everything")


def test_the_digest_follows_content_only(tiny: Path):
    before = load_catalog([tiny]).digest
    assert load_catalog([tiny]).digest == before
    (tiny / "platforms.yaml").write_text("platforms:\n  - {id: soft, name: Soft ware}\n")
    assert load_catalog([tiny]).digest != before


@pytest.mark.parametrize(
    ("text", "place", "code", "message", "hint"),
    [
        (
            CHIP.replace("vendor: acme", "vendor: acmee"),
            "chip.yaml:4:13",
            "unknown-name",
            "mine: there is no vendor 'acmee'",
            "did you mean 'acme'?",
        ),
        (
            CHIP.replace("source: press", "source: pres"),
            "chip.yaml:5:36",
            "unknown-name",
            "mine: there is no source 'pres'",
            "did you mean 'press'?",
        ),
        (
            CHIP.replace("32 GB", "-32 GB"),
            "chip.yaml:5:21",
            "unit",
            "memory must not be negative: got -32 GB",
            "nothing below 0 is right; memory: GB usable",
        ),
        (
            CHIP.replace("32 GB", "32 kW"),
            "chip.yaml:5:21",
            "unit",
            "memory expects B, kB, MB, GB, TB, PB; 'kW' is power",
            "write it as 128 GB",
        ),
        (
            CHIP.replace("    memory:", "    memmory:"),
            "chip.yaml:5:5",
            "unknown-key",
            "unknown key 'memmory'",
            "did you mean 'memory'?",
        ),
        (
            CHIP + CHIP.split("\n", 1)[1],
            "chip.yaml:6:9",
            "defined-twice",
            None,
            "keep one, or give it another id",
        ),
        (
            CHIP + "    like: acme-oen\n",
            "chip.yaml:6:11",
            "unknown-name",
            "like: there is no accelerator 'acme-oen'",
            "did you mean 'acme-one'?",
        ),
        (
            CHIP + "    like: mine\n",
            "chip.yaml:6:11",
            "like-circle",
            "'mine' is like itself: mine -> mine",
            None,
        ),
        (
            CHIP.replace("id: mine", "ident: mine"),
            "chip.yaml:2:5",
            "missing-key",
            "an entry of accelerators needs an id",
            "add id: a-unique-name",
        ),
        (
            CHIP.replace("accelerators:", "accelerator:"),
            "chip.yaml:1:1",
            "unknown-key",
            "'accelerator' is not a kind of catalog entry",
            "did you mean 'accelerators'?",
        ),
        (
            "accelerators: {id: mine}\n",
            "chip.yaml:1:15",
            "wrong-type",
            "accelerators must be a list of entries",
            "write accelerators: and each entry as '- id: ...'",
        ),
    ],
)
def test_a_fault_is_told_with_place_and_remedy(
    tiny: Path, write: Write, text: str, place: str, code: str, message: str | None, hint: str | None
):
    found = one(tiny, write(chip=text))
    assert (found[0], found[1], found[3]) == (code, place, hint)
    assert message is None or found[2].endswith(message)


def test_a_chip_defined_twice_names_both_places(tiny: Path, write: Write):
    mine = write(a=CHIP, b=CHIP)
    code, place, message, _ = one(tiny, mine)
    assert (code, place) == ("defined-twice", "b.yaml:2:9")
    assert message == f"accelerator 'mine' is defined twice; the first is at {mine / 'a.yaml'}:2:9"


def test_every_fault_is_told_at_once(tiny: Path, write: Write):
    text = CHIP.replace("32 GB", "32 kW").replace("name: Mine", "nmae: Mine")
    assert [f.code for f in faults(tiny, write(chip=text))] == ["missing-key", "unknown-key", "unit"]


def test_a_system_of_an_unknown_chip_is_refused(tiny: Path):
    path = tiny / "systems" / "acme.yaml"
    path.write_text(path.read_text().replace("accelerator: acme-one", "accelerator: acme-on", 1))
    code, place, message, hint = one(tiny, kind="systems")
    assert (code, place, hint) == ("unknown-name", "acme.yaml:5:18", "did you mean 'acme-one'?")
    assert message == "acme-server: there is no accelerator 'acme-on'"


def test_a_missing_folder_is_refused():
    with pytest.raises(InputError, match="catalog-missing"):
        load_catalog(["no-such-folder"])


def test_a_folder_of_no_kind_is_refused(tiny: Path):
    (tiny / "acelerators").mkdir()
    (tiny / "acelerators" / "x.yaml").write_text(CHIP)
    with pytest.raises(InputError) as caught:
        load_catalog([tiny])
    assert caught.value.diagnostics[0].hint == "did you mean 'accelerators'?"


def test_documents_of_other_stages_are_found_folder_by_folder(tiny: Path, write: Write):
    (tiny / "policies").mkdir()
    (tiny / "policies" / "a.yaml").write_text("rules: []\n")
    mine = write(policies="rules: [{id: mine}]\n")
    documents = load_catalog([tiny, mine]).documents("policies")
    assert [document.value["rules"] for document in documents] == [[], [{"id": "mine"}]]


def test_a_single_file_can_be_a_layer(tiny: Path, write: Write):
    catalog = load_catalog([tiny, write(chip=CHIP) / "chip.yaml"])
    assert "mine" in catalog.accelerators


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("accelerator: acme-oen", "supply.yaml:2:26", "x: there is no accelerator 'acme-oen'"),
        ("accelerators_group: Everythin", "supply.yaml:2:33", "x: there is no accelerator 'Everythin'"),
        ("accelerators_group: [acme-one, tow]", "supply.yaml:2:44", "x: there is no accelerator 'tow'"),
        ("item: all, split: {acme-oen: 0.5}", "supply.yaml:2:42", "x: there is no accelerator 'acme-oen'"),
    ],
)
def test_supply_of_an_unknown_chip_is_refused(tiny: Path, write: Write, line: str, place: str, message: str):
    """Else it would silently count for nothing."""
    text = f"supply:\n  - {{id: x, {line}, period: {{from: 2026, to: 2026}}, accelerators_per_period: 5}}\n"
    found = one(tiny, write(supply=text), kind="supply")
    assert (found[0], found[1], found[2]) == ("unknown-name", place, message)


def test_an_assumption_about_an_unknown_chip_is_refused(tiny: Path, write: Write):
    entry = "{id: x, fills: system.racks, when: {accelerator: [acme-one, acme-tow]}, value: 1, basis: none}"
    code, place, message, _ = one(tiny, write(assumptions=f"assumptions:\n  - {entry}\n"), kind="assumptions")
    assert (code, place) == ("unknown-name", "assumptions.yaml:2:65")
    assert message == "x: there is no accelerator 'acme-tow'"
