"""What a plan decides, as plain records: the only thing the independent check needs besides the scenario."""

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Order:
    """`count` systems ordered at the start of period `period`."""

    system: str
    period: int
    count: int


@dataclass(frozen=True, slots=True, order=True)
class Install:
    """`count` systems placed in service in a hall at the start of a period."""

    system: str
    site: str
    hall: str
    period: int
    count: int


@dataclass(frozen=True, slots=True, order=True)
class Retirement:
    """`count` systems taken out of service at the start of a period."""

    system: str
    site: str
    hall: str
    period: int
    count: int
    failed: float | None = None
    """How many of them had failed beyond repair, parts of a system too; None: none."""


@dataclass(frozen=True, slots=True, order=True)
class Powered:
    """`count` systems switched on in a hall, averaged over a period: 2.5 are two, and one more half of the time."""

    system: str
    site: str
    hall: str
    period: int
    count: float


@dataclass(frozen=True, slots=True, order=True)
class Jobs:
    """`jobs` concurrent jobs of a divisible workload, each on `accelerators` accelerators of one system kind, or their
    part on one of two kinds.

    An average over the period: 0.4 is one job for two fifths of it, 2.5 are two larger jobs, or three in turn.
    """

    workload: str
    system: str
    accelerators: int
    site: str
    hall: str
    period: int
    jobs: float
    network: str | None = None
    """Network over which it runs, in a hall that buys its own."""
    beside: str | None = None
    """Another kind of system that does part of each job, in a record of its own."""
    beside_accelerators: int | None = None
    """How many of its accelerators each job takes."""


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """A coherent run begins on `accelerators` accelerators of one system kind and stays there until it is done."""

    workload: str
    system: str
    accelerators: int
    site: str
    hall: str
    period: int
    network: str | None = None
    """Network over which it runs, in a hall that buys its own."""


@dataclass(frozen=True, slots=True, order=True)
class Missed:
    """A coherent run that is not done at all, at its stated price."""

    workload: str


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """Porting of a software family to a platform begins."""

    family: str
    platform: str
    period: int


@dataclass(frozen=True, slots=True, order=True)
class Shortfall:
    """Divisible demand that is not met in a period, tokens/s."""

    workload: str
    period: int
    tokens_per_s: float


@dataclass(frozen=True, slots=True, order=True)
class Behind:
    """Tokens of a divisible workload that are missing at the end of a period by which they were asked for."""

    workload: str
    period: int
    tokens: float


@dataclass(frozen=True, slots=True, order=True)
class Accepted:
    """A pending order that is taken on delivery; every other one is cancelled."""

    order_id: str


@dataclass(frozen=True, slots=True, order=True)
class Expansion:
    """`count` steps of an option of a site, decided at the start of a period; a retrofit bears its new hall's name."""

    site: str
    option: str
    period: int
    count: int


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """`count` installed systems leave a hall at the start of a period for another one."""

    system: str
    site: str
    hall: str
    to_site: str
    to_hall: str
    period: int
    count: int


@dataclass(frozen=True, slots=True, order=True)
class Rental:
    """A contract on `count` systems of an offer for rent that begins at the start of a period."""

    offer: str
    period: int
    count: int


@dataclass(frozen=True, slots=True, order=True)
class Spare:
    """`count` systems out of store that replace failed ones in a hall at the start of a period; parts of one too."""

    system: str
    site: str
    hall: str
    period: int
    count: float


@dataclass(frozen=True, slots=True, order=True)
class Surrender:
    """`count` systems out of store that a rule takes at the start of a period; parts of one too, after spares."""

    system: str
    period: int
    count: float


@dataclass(frozen=True, slots=True, order=True)
class Attachment:
    """Ports of `count` accelerators of a hall are raised to a network from the next nearer one, or from nothing."""

    site: str
    hall: str
    network: str
    period: int
    count: int


@dataclass(frozen=True, slots=True)
class Decisions:
    """Everything a plan decides, each list sorted."""

    orders: tuple[Order, ...] = ()
    installs: tuple[Install, ...] = ()
    retirements: tuple[Retirement, ...] = ()
    powered: tuple[Powered, ...] = ()
    jobs: tuple[Jobs, ...] = ()
    starts: tuple[Start, ...] = ()
    missed: tuple[Missed, ...] = ()
    ports: tuple[Port, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    behind: tuple[Behind, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    rentals: tuple[Rental, ...] = ()
    moves: tuple[Move, ...] = ()
    spares: tuple[Spare, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    surrenders: tuple[Surrender, ...] = ()

    def to_json(self) -> dict[str, list[dict[str, Any]]]:
        """Plain lists of records, in the order of the fields; what a record leaves open is left out."""
        return {field.name: [_plain(record) for record in getattr(self, field.name)] for field in fields(self)}

    @classmethod
    def from_json(cls, data: dict[str, list[dict[str, Any]]]) -> "Decisions":
        """The inverse of `to_json`. Raises KeyError or TypeError on records of another shape."""
        return cls(**{name: tuple(_KINDS[name](**record) for record in records) for name, records in data.items()})


def _plain(record: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(record).items() if value is not None}


_KINDS: dict[str, type] = {
    "orders": Order,
    "installs": Install,
    "retirements": Retirement,
    "powered": Powered,
    "jobs": Jobs,
    "starts": Start,
    "missed": Missed,
    "ports": Port,
    "shortfalls": Shortfall,
    "accepted": Accepted,
    "behind": Behind,
    "expansions": Expansion,
    "rentals": Rental,
    "moves": Move,
    "spares": Spare,
    "attachments": Attachment,
    "surrenders": Surrender,
}
