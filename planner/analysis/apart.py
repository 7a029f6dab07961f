"""Work done in processes beside this one.

Each worker is `python -m planner.analysis.apart`, fed with pickled calls on its standard input. Unlike a process pool
it neither forks a process that has threads nor imports the caller's main module again, so it works the same on every
platform and from a plain script; and Ctrl-C reaches this process only.
"""

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, cast

from planner.errors import InternalError

ORPHAN_S = 0.5
"""How often a worker looks whether its parent is still there."""


class Apart:
    """Context manager: calls are made in `workers` processes. Leaving it by an exception ends them at once."""

    def __init__(self, workers: int) -> None:
        self._threads = ThreadPoolExecutor(max(workers, 1), thread_name_prefix="apart")
        self._local = threading.local()
        self._started: list[subprocess.Popen[bytes]] = []
        self._closed = False

    def submit[T](self, function: Callable[..., T], *arguments: Any) -> "Future[T]":
        """Make a call in one of the processes; function and arguments must be picklable. Faults come back."""
        return self._threads.submit(self._call, function, arguments)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closed = True
        if kind is not None:
            for process in self._started:
                process.kill()
        self._threads.shutdown(wait=True, cancel_futures=kind is not None)
        for process in self._started:
            if process.stdin is not None:
                process.stdin.close()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def _call[T](self, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        """Make a call; one whose process dies (killed, out of memory) is made once more in a new process."""
        try:
            return self._once(function, arguments)
        except InternalError:
            if self._closed:
                raise
            return self._once(function, arguments)

    def _once[T](self, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        process = self._process()
        if process.stdin is None or process.stdout is None:
            raise InternalError("a worker has no pipes")
        try:
            pickle.dump((function, arguments), process.stdin)
            process.stdin.flush()
            done, result = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._local.process = None
            raise InternalError(f"a worker ended before it answered (exit code {_ended(process)})") from None
        if not done:
            raise cast("BaseException", result)
        return cast("T", result)

    def _process(self) -> "subprocess.Popen[bytes]":
        """The process of this thread, started when first needed."""
        found: subprocess.Popen[bytes] | None = getattr(self._local, "process", None)
        if found is None:
            if self._closed:
                raise InternalError("the work was ended")
            found = subprocess.Popen(
                [sys.executable, "-m", "planner.analysis.apart"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,
            )
            self._local.process = found
            self._started.append(found)
        return found


def _ended(process: "subprocess.Popen[bytes]") -> int | None:
    """Exit code of a process that closed its pipes."""
    try:
        return process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _end_with(parent: int) -> None:
    """End this process once its parent is gone, however that ended: nobody waits for the answer any more."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_S)
    os._exit(1)


def serve() -> None:
    """Answer calls from standard input until it ends; what they print goes to stderr."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            function, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer: tuple[bool, Any] = (True, function(*arguments))
        except Exception as error:
            answer = (False, error)
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    serve()
