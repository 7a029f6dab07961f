"""How the program ends when it fails: what it says, and with which exit code."""

import platform
import traceback
from pathlib import Path

from planner import __version__
from planner.cli.console import diagnostic_record, emit_json, say, tell
from planner.errors import Diagnostic, InputError, PlannerError

INTERRUPTED = 130
OUR_FAULT = 5
_STATUS = {1: "input-error", 3: "infeasible", 4: "no-plan"}


def exit_code_of(error: BaseException, *, as_json: bool = False) -> int:
    """Tell the person what happened and return the exit code; `as_json` prints the same on stdout as a document."""
    if isinstance(error, KeyboardInterrupt):
        say("planner: interrupted")
        return INTERRUPTED
    if isinstance(error, OSError) and error.filename is not None:
        reason = error.strerror or type(error).__name__
        error = InputError(Diagnostic("file", f"{error.filename}: {reason}"))
    if isinstance(error, PlannerError):
        tell(error.diagnostics)
        diagnostics, code = error.diagnostics, error.exit_code
    else:
        diagnostics, code = (Diagnostic("bug", _headline(error)),), OUR_FAULT
        say(f"planner: {_headline(error)}")
    if code == OUR_FAULT:
        say(_BUG_REPORT.format(version=__version__, python=platform.python_version(), system=platform.platform()))
    if as_json:
        emit_json({"status": _STATUS.get(code, "error"), "diagnostics": [diagnostic_record(d) for d in diagnostics]})
    return code


_BUG_REPORT = """\
This is a fault of the program, not of your input: no result was made.
Run the command again with --debug and report what it prints, with the scenario, to whoever keeps this program.
planner {version}, Python {python}, {system}"""


def _headline(error: BaseException) -> str:
    """Kind and text of the error, and where in the program it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    root = str(Path(__file__).resolve().parents[1])
    own = [frame for frame in frames if frame.filename.startswith(root)] or frames
    where = f" ({Path(own[-1].filename).name}:{own[-1].lineno})" if own else ""
    text = str(error).strip().splitlines()
    return f"internal error: {type(error).__name__}{': ' + text[0] if text else ''}{where}"
