"""Days of a trend."""

from datetime import date, timedelta


def month_ends(day: date, months: int) -> list[date]:
    """The `months` points of a trend that ends on `day`: the month ends before it, then the day itself."""
    points = [day]
    first = day.replace(day=1)
    while len(points) < months:
        last_of_month_before = first - timedelta(days=1)
        points.append(last_of_month_before)
        first = last_of_month_before.replace(day=1)
    return points[::-1]
