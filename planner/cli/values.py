"""Values of options as people write them."""

import typer


def fraction(text: str, option: str) -> float:
    """A share below 1, written as 0.5 % or 0.005; a wrong one is wrong usage (exit code 2)."""
    from planner.errors import InputError
    from planner.units import parse

    try:
        value = parse(text, "fraction")
    except InputError:
        value = 1.0
    if not 0.0 <= value < 1.0:
        raise typer.BadParameter(f"{text!r} is not a share; write 0.5 % or 0.005", param_hint=option)
    return value
