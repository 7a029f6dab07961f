"""Questions as written become runs: names, runs known beforehand, and what is solved later."""
