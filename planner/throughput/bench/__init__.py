"""Measurements on this node with torch: kernels, one transformer layer, a training step, collectives.

Nothing here is imported unless a measurement runs; torch itself is no dependency. Every module yields rows: plain
mappings with `kind`, the shape, `ms` (median of the rounds) and `spread`, or `failed` with the reason.
"""
