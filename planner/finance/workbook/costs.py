"""Capital and running cost, rebuilt from quantities and prices."""

from planner.finance.workbook.grid import FIRST, letter
from planner.finance.workbook.parts import CAPITAL, Book


def capex(b: Book) -> None:
    """What is capital."""
    _built(b, "Capex", "Capital: paid when due, worth something in the end", capital=True)


def opex(b: Book) -> None:
    """The fleet, and what is running cost."""
    s = b.s["Opex"]
    s.head("Running cost")
    s.section("Fleet: opening + added - retired = closing")
    for cell in b.plan.track.cells:
        name = f"{cell.system} at {cell.site}/{cell.hall}"
        fleet = [float(count) for count in (b.plan.track.base.get(cell, 0), *b.plan.track.fleet[cell])]
        added, gone = b.at["added", cell], b.at["gone", cell]

        def opening(t: int, c: str, added: int = added) -> str:
            return f"=Plan!$C${added}" if t == 0 else f"={letter(FIRST + t - 1)}{b.s['Opex'].row + 2}"

        s.line(f"{name}: opening", "systems", across=opening, shown=fleet[:-1], style="whole")
        row = s.row

        def closing(_: int, c: str, row: int = row, added: int = added, gone: int = gone) -> str:
            return f"={c}{row}+Plan!{c}${added}-Plan!{c}${gone}"

        b.at["fleet", cell] = s.line(
            f"{name}: closing",
            "systems",
            across=closing,
            shown=fleet[1:],
            style="whole",
        )
    _built(b, "Opex", "", capital=False)


def _built(b: Book, sheet: str, title: str, *, capital: bool) -> None:
    """Rows of capital or of running cost: each rebuilt from its parts, or taken over."""
    s = b.s[sheet]
    if title:
        s.head(title)
    s.section("Cash by line, item, site and moment")
    for row in b.rows:
        if (row.asset_class != "none") != capital:
            continue
        if not row.parts:
            amount = b.at["amount", row.key]
            number = s.line(b.label(row), b.plan.currency, None, lambda t, c, a=amount: f"=Inputs!{c}${a}", row.amounts)
        else:
            pieces = [_piece(b, kind, keys) for kind, keys in row.parts]

            def whole(_: int, c: str, pieces: list[str] = pieces) -> str:
                return "=" + "".join(piece.replace("@", c) for piece in pieces)

            number = s.line(b.label(row), b.plan.currency, None, whole, row.amounts)
        b.at["row", row.key] = number


def _piece(b: Book, kind: str, keys: tuple[str, ...]) -> str:
    """The formula of a part; @ stands for the period's column."""
    if kind in CAPITAL:
        part = b.at.get(("part", keys[0], kind))
        return f"+Plan!$C${b.at['order', keys[0]]}*Inputs!@${part}" if part else "+0"
    cell = next(c for c in b.plan.track.cells if (c.system, c.site, c.hall) == keys)
    if kind == "energy":
        pue, tariff = b.at["pue", keys[1:]], b.at["tariff", keys[1:]]
        kwh = f"Inputs!$C${b.at['kw', keys[0]]}*Inputs!$C${b.at['load']}*Inputs!@${pue}*Timeline!@$8"
        return f"-Plan!@${b.at['on', cell]}*{kwh}*Inputs!@${tariff}"
    share = f"Inputs!$C${b.at['upkeep']}*Timeline!@$8/8760"
    return f"-@{b.at['fleet', cell]}*Inputs!@${b.at['worth', keys[0]]}*{share}"
