"""For each check the plans that break it and no other rule."""

from tests.verify.altered import Make
from tests.verify.broken.halls import HALLS
from tests.verify.broken.money import MONEY
from tests.verify.broken.records import RECORDS
from tests.verify.broken.stock import STOCK
from tests.verify.broken.work import WORK

BROKEN: dict[str, dict[str, Make]] = {**RECORDS, **STOCK, **HALLS, **WORK, **MONEY}
