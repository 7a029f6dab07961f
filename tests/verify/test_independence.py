"""The check stands alone: it must not see the program that found the plan, nor its prices."""

import subprocess
import sys

LOADED = """
import sys
import planner.plan.verify
print(*(name for name in sys.modules if name.startswith(("planner.problem", "planner.optimize", "planner.costs"))))
"""


def test_the_check_loads_nothing_of_the_program():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
