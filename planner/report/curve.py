"""A curve as a picture in a page: one line through its points, the ends of both axes written beside it."""

from collections.abc import Iterator
from html import escape

from planner.report.model import Curve

WIDTH, HEIGHT = 560, 280
LEFT, RIGHT, TOP, BOTTOM = 110, 60, 20, 46
"""Room for what is written around the plot."""


def svg(curve: Curve) -> Iterator[str]:
    """The picture as SVG in a figure; colours are those of the page. What stands at a point is shown on touching it."""
    xs, ys = [p.x for p in curve.points], [p.y for p in curve.points]
    across = [_placed(x, xs, LEFT, WIDTH - RIGHT) for x in xs]
    down = [_placed(y, ys, HEIGHT - BOTTOM, TOP) for y in ys]
    yield f'<figure class="curve"><figcaption>{escape(curve.title)}</figcaption>'
    yield f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(curve.title)}">'
    yield f'<path class="axis" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
    yield f'<polyline points="{line}"/>'
    for x, y, point in zip(across, down, curve.points, strict=True):
        told = f"{point.across}, {point.up}"
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{escape(told)}</title></circle>'
    for point in {min(xs): min(curve.points, key=_x), max(xs): max(curve.points, key=_x)}.values():
        x = _placed(point.x, xs, LEFT, WIDTH - RIGHT)
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{escape(point.across)}</text>'
    for point in {min(ys): min(curve.points, key=_y), max(ys): max(curve.points, key=_y)}.values():
        y = _placed(point.y, ys, HEIGHT - BOTTOM, TOP)
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(point.up)}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text class="axis" x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(curve.across)}</text>'
    yield f'<text class="axis" x="{LEFT}" y="{TOP - 8}" text-anchor="middle">{escape(curve.up)}</text>'
    yield "</svg></figure>"


def _x(point: Curve.Point) -> float:
    return point.x


def _y(point: Curve.Point) -> float:
    return point.y


def _placed(value: float, values: list[float], first: float, last: float) -> float:
    """Where a value stands between the ends of its axis; in the middle when all are alike."""
    low, high = min(values), max(values)
    return (first + last) / 2 if high <= low else first + (last - first) * (value - low) / (high - low)
