"""Where runs are made: in this process, in processes beside it, or on a Dask cluster; all by `submit`."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Protocol

from planner.analysis.apart import Apart
from planner.errors import InputError

RETRIES = 3
"""How often a run is made again elsewhere when its worker on a cluster dies."""
CONNECT_S = 10.0


class Executor(Protocol):
    """What `concurrent.futures` and Dask have in common."""

    def submit[T](self, function: Callable[..., T], /, *arguments: Any) -> "Future[T]":
        """Make a call somewhere; function and arguments can be pickled."""


class Here:
    """Calls are made at once, in this process."""

    def submit[T](self, function: Callable[..., T], /, *arguments: Any) -> "Future[T]":
        """The call's result, or its exception, in a future that is done."""
        future: Future[T] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def opened(workers: int, scheduler: str | None) -> "Iterator[tuple[Executor, int]]":
    """An executor, and how many calls it should have in hand; left by an exception, it ends what is under way.

    `workers` 0: in this process. `scheduler`: address of a Dask scheduler. Raises InputError when it cannot be used.
    """
    if scheduler is not None:
        with _cluster(scheduler) as (executor, width):
            yield executor, width
    elif workers == 0:
        yield Here(), 1
    else:
        with Apart(workers) as apart:
            yield apart, 2 * workers


@contextmanager
def _cluster(address: str) -> "Iterator[tuple[Executor, int]]":
    try:
        from distributed import Client
    except ImportError:
        hint = "install it: pip install 'planner[dask]'"
        raise InputError.of("scheduler", "a Dask cluster needs the package distributed", hint) from None
    try:
        connect: Any = Client
        client = connect(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        hint = "start one with `dask scheduler` and `dask worker ADDRESS`; the address looks like tcp://host:8786"
        reason = str(error).split("\n", 1)[0] or type(error).__name__
        raise InputError.of("scheduler", f"no Dask scheduler answers at {address}: {reason}", hint) from None
    try:
        threads = sum(client.nthreads().values())
        yield client.get_executor(pure=False, retries=RETRIES), max(2 * threads, 4)
    finally:
        client.close()
