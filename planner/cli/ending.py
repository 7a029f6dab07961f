"""SIGTERM, as batch queues and service managers send it, ends a command as Ctrl-C does."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_by_term() -> Iterator[None]:
    """Within it SIGTERM raises KeyboardInterrupt: searches stop at once, what was found is kept."""
    import signal

    def ended(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, ended)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
