"""What was left out of the program, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Excluded:
    """A possibility left out of the program, and why."""

    kind: str
    """What was left out: order, delivery, installation, operation, pending order, cluster."""
    item: str
    """System (or pending order) concerned."""
    accelerator: str
    """Accelerator of the system."""
    reason: str
    """policy, supply, release, lead time, installation time, cooling, rack power, reach, memory, deadline, power."""
    detail: str
    """The reason in words."""
    first: str | None = None
    """First and last period concerned."""
    last: str | None = None
    """The last of them."""
    site: str | None = None
    """Site and hall, where only these are closed."""
    rule: str | None = None
    """Id of the rule, where one is the reason."""
    rule_date: str | None = None
    """Day since which it binds."""
    source: str | None = None
    """Where the rule was read."""
