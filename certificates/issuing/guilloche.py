"""The border ornament of a certificate as SVG path data (pure)."""

from math import pi, sin


def wave(
    *,
    start: tuple[float, float],
    length: float,
    periods: int,
    amplitude: float,
    vertical: bool = False,
    phase: float = 0.0,
) -> str:
    """SVG path data of a sine along a side; millimetres, 16 points a period."""
    steps = periods * 16
    points = []
    for step in range(steps + 1):
        along = length * step / steps
        across = amplitude * sin(2 * pi * periods * step / steps + phase)
        x, y = (start[0] + across, start[1] + along) if vertical else (start[0] + along, start[1] + across)
        points.append(f"{x:.2f} {y:.2f}")
    return "M" + "L".join(points)


def border(width: float = 297, height: float = 210, inset: float = 14.25) -> list[str]:
    """Four sides, two interlaced waves each."""
    across, down = width - 2 * inset - 6, height - 2 * inset - 6
    paths = []
    for phase in (0.0, pi):
        for y in (inset, height - inset):
            paths.append(wave(start=(inset + 3, y), length=across, periods=36, amplitude=1.9, phase=phase))
        for x in (inset, width - inset):
            paths.append(wave(start=(x, inset + 3), length=down, periods=25, amplitude=1.9, vertical=True, phase=phase))
    return paths
