"""`planner catalog`: what exists, what is known of it and from where, what changed, and what looks wrong."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.console import diagnostic_record, emit_json, emit_text, say, tell

if TYPE_CHECKING:
    from planner.catalog.load import Catalog
    from planner.errors import Diagnostic

app = typer.Typer(
    help="Chips, systems, fabrics, models, regions and supply, each fact with its source.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Folders = Annotated[
    list[str] | None,
    typer.Option("--catalog", "-c", metavar="FOLDER", help="A folder over the shipped catalog; may be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="accelerators, systems, regions, ...")] = None,
    vendor: Annotated[str | None, typer.Option(help="Only of this maker.")] = None,
    platform: Annotated[str | None, typer.Option(help="Only for this software platform.")] = None,
    country: Annotated[str | None, typer.Option(help="Only of this country (CN, US): place, design or vendor.")] = None,
    released_before: Annotated[str | None, typer.Option(metavar="DATE", help="2026-07-01, 2026-07 or 2026.")] = None,
    released_after: Annotated[str | None, typer.Option(metavar="DATE", help="On this day or later.")] = None,
    match: Annotated[str | None, typer.Option(metavar="TEXT", help="Only with this text in id, name or alias.")] = None,
    catalog: Folders = None,
    json: Json = False,
) -> None:
    """List entries of a KIND that fit; without KIND, the kinds and how many entries each has."""
    from planner.catalog.query import Selection, select, the_kind
    from planner.catalog.views import listing, listing_records, overview

    found_in = _load(catalog)
    if kind is None:
        counts = overview(found_in)
        if json:
            emit_json({"kinds": dict(counts)})
        else:
            emit_text("\n".join(f"{count:6,}  {name}" for name, count in counts))
        return
    selection = Selection(vendor, platform, country, _day(released_before), _day(released_after), match)
    found = select(found_in, the_kind(kind), selection)
    if json:
        emit_json({"kind": found.kind.name, "undated": found.undated, "entries": listing_records(found_in, found)})
        return
    emit_text(listing(found_in, found))
    assumed = "; ~ marks what an assumption fills" if found.kind.name == "systems" else ""
    say(f"{len(found.entries)} {found.kind.name}{assumed}")
    if found.undated:
        say(f"{found.undated} without a release date left out")


@app.command()
def show(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids or aliases; several are set side by side.")],
    why: Annotated[
        bool, typer.Option("--why", help="Sources, notes, other published values, and assumptions.")
    ] = False,
    kind: Annotated[str | None, typer.Option(help="Look only among these: systems, roadmap, ...")] = None,
    catalog: Folders = None,
    json: Json = False,
) -> None:
    """Show everything known of one entry, or several side by side."""
    from planner.catalog.query import lookup, namesakes, the_kind
    from planner.catalog.views import comparison, record, single

    found_in = _load(catalog)
    among = the_kind(kind) if kind else None
    entries = [pair for name in ids for pair in lookup(found_in, name, among)]
    for name in ids if kind is None else ():
        for other in namesakes(found_in, name, lookup(found_in, name)[0][0]):
            say(f"{name} is also known among {other.name}: --kind {other.name}")
    if json:
        emit_json({"entries": [record(found_in, kind, entry, why=why) for kind, entry in entries]})
    elif len(entries) == 1:
        emit_text(single(found_in, *entries[0], why=why))
    else:
        emit_text(comparison(found_in, entries))


@app.command()
def check(
    folders: Annotated[
        list[str] | None, typer.Argument(metavar="[FOLDER]...", help="Folders over the shipped one.")
    ] = None,
    silenced: Annotated[
        bool, typer.Option("--silenced", help="List accepted findings with their reasons too.")
    ] = False,
    json: Json = False,
) -> None:
    """Check every file: faults, facts without source, implausible or stale values.

    Exit code 0 when nothing is found, 1 otherwise.
    """
    from planner.catalog.lint import check as run
    from planner.catalog.views import summary

    found_in = _load(folders)
    report = run(found_in)
    report.findings += _policy_faults(found_in)
    if json:
        emit_json(
            {
                "clean": report.clean,
                "entries": report.entries,
                "facts": {"total": report.facts, "with_source": report.sourced, "unknown": report.nulls},
                "findings": [diagnostic_record(finding) for finding in report.findings],
                "silenced": [{**diagnostic_record(f), "reason": reason} for f, reason in report.silenced],
            }
        )
    else:
        tell(report.findings)
        if silenced:
            emit_text("\n".join(f"{finding.place}: {finding.message}: {reason}" for finding, reason in report.silenced))
        emit_text(summary(report))
    raise typer.Exit(0 if report.clean else 1)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A catalog folder, or an id.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A catalog folder, or an id.")],
    catalog: Folders = None,
    json: Json = False,
) -> None:
    """Show what differs between two catalog folders or two entries."""
    from planner.catalog.query import Change, catalog_changes, entry_changes, lookup_one, sheet
    from planner.catalog.views import difference

    changes: list[Change]
    title = ""
    if _is_folder(old) and _is_folder(new):
        changes = list(catalog_changes(_only(old), _only(new)))
    else:
        found_in = _load(catalog)
        (kind, a), (_, b) = (lookup_one(found_in, name) for name in (old, new))
        title = f"{a.id} -> {b.id}"
        changes = list(entry_changes(kind, title, sheet(found_in, kind, a), sheet(found_in, kind, b)))
    if json:
        emit_json({"changes": [_change(change) for change in changes]})
    else:
        emit_text(difference(changes, title))


def _policy_faults(catalog: "Catalog") -> list["Diagnostic"]:
    """Faults of the policy rules, which are part of the catalog but checked by their own stage."""
    from planner.errors import InputError
    from planner.policy.load import rulebook

    try:
        rulebook(catalog)
    except InputError as error:
        return list(error.diagnostics)
    return []


def _change(change: Any) -> dict[str, Any]:
    return {name: getattr(change, name) for name in ("kind", "id", "field", "old", "new")}


def _load(folders: list[str] | None) -> "Catalog":
    """The shipped catalog with the user's folders over it."""
    from planner.catalog.load import load_catalog

    return load_catalog(["builtin", *(f for f in folders or () if f != "builtin")])


def _only(folder: str) -> "Catalog":
    """One folder by itself where it can stand alone, else over the shipped catalog."""
    from planner.catalog.load import load_catalog

    alone = folder == "builtin" or (Path(folder) / "sources.yaml").is_file()
    return load_catalog([folder] if alone else ["builtin", folder])


def _is_folder(name: str) -> bool:
    return name == "builtin" or Path(name).exists()


def _day(text: str | None) -> date | None:
    """First day of a date option; a usage error for anything else."""
    if text is None:
        return None
    from planner.catalog.entry import start_of

    try:
        return start_of(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
