"""Pages of docs/ that are written out of the code."""
