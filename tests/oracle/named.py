"""Every tiny scenario that is compared with the brute force, by a name."""

from collections.abc import Callable, Iterator

from planner.scenario.load import patched
from planner.scenario.model import Scenario
from tests.oracle import test_apart, test_mixed, test_ripening
from tests.oracle.cases import CASES
from tests.oracle.counted_cases import COUNTED, SUBSIDISED
from tests.oracle.limit_cases import LIMITED, SAME
from tests.oracle.loose_cases import LOOSE
from tests.oracle.part_cases import PART_CASES
from tests.oracle.site_cases import RULED
from tests.oracle.tiny import Units

type Make = Callable[[Units], Scenario]


def _named() -> Iterator[tuple[str, Make]]:
    for case in (*CASES, *COUNTED):
        yield case.__name__, case
    for first in (*RULED, *SUBSIDISED, *PART_CASES, *LOOSE):
        yield first.__name__, lambda u, first=first: first(u)[0]
    for name, case in LIMITED.items():
        yield name, case
    for name, pair in SAME.items():
        yield f"rule: {name}", lambda u, pair=pair: pair(u)[0]
    for topic, scenarios in (
        ("apart", test_apart.SCENARIOS),
        ("mixed", test_mixed.SCENARIOS),
        ("mixed jobs", test_mixed.JOBS),
        ("ripening", test_ripening.SCENARIOS),
    ):
        for name, scenario in scenarios.items():
            yield f"{topic}: {name}", lambda u, scenario=scenario: patched(scenario(), {})


NAMED: dict[str, Make] = dict(_named())
assert len(NAMED) == sum(1 for _ in _named()), "a name stands for one scenario"
