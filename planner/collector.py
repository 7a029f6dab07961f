"""Python's search for garbage in cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """No search for garbage meanwhile: for work that makes many objects that all stay, where searching only costs time.

    Of several threads that rest it the first to come ends the rest for all; it is never left off.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
