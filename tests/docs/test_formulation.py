"""docs/formulation.md names every constraint, variable and check of the code, and none that is not there."""

import re
from dataclasses import fields

from planner.optimize.constraints import CONSTRAINTS
from planner.optimize.variables import Variables
from planner.plan.verify.registry import CHECKS
from tests.docs.pages import text

PAGE = text("docs/formulation.md")
SECTIONS = {
    name: (number, body)
    for number, name, body in re.findall(r"^### (F\w+) (\w+)\n(.*?)(?=^##)", PAGE, re.DOTALL | re.MULTILINE)
}
NAMES = {check.name for check in CHECKS}


def part(title: str) -> str:
    """The text below a heading of the second level."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(table: str) -> list[str]:
    """Names in the first column of the tables of a text."""
    return re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)


def test_one_section_per_constraint_in_the_order_of_the_numbers():
    assert sorted(SECTIONS) == sorted(function.__name__ for function in CONSTRAINTS)
    numbers = [(int(re.sub(r"\D", "", number)), number) for number, _ in SECTIONS.values()]
    assert numbers == sorted(numbers)


def test_the_number_is_that_of_the_docstring():
    for function in CONSTRAINTS:
        assert (function.__doc__ or "").split()[0] == SECTIONS[function.__name__][0]


def test_every_section_has_an_inequality_and_a_twin():
    for name, (_, body) in SECTIONS.items():
        assert re.search(r"^ {4}\S.*[=≤≥]", body, re.MULTILINE), f"{name} has no inequality"
        twins = re.findall(r"`([\w-]+)`", body.split("Checked by")[1].split(".")[0].split(":")[0])
        assert twins, f"{name} has no twin"
        assert set(twins) <= NAMES, f"{name} names a check that does not exist"


def test_every_check_is_named():
    twins = {name for _, body in SECTIONS.values() for name in re.findall(r"`([\w-]+)`", body.split("Checked by")[1])}
    assert (twins & NAMES) | set(first_cells(part("Rules without a row"))) == NAMES
    assert set(first_cells(part("Rules without a row"))) <= NAMES


def test_every_variable_is_named_in_order():
    assert first_cells(part("Decisions")) == [field.name for field in fields(Variables)]
