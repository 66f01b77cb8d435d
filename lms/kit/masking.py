"""What of a person's data a page shows by default."""


def mask_id(number: str) -> str:
    """`110105…002X` → `110***********002X`: first three and last four characters stay."""
    if len(number) <= 7:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_phone(number: str) -> str:
    """`13812345678` → `138****5678`."""
    if len(number) <= 7:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_name(name: str) -> str:
    """`孟庆舟` → `孟*舟`, `孟舟` → `孟*`: enough for the holder of the paper to agree."""
    if len(name) <= 1:
        return name
    return name[0] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")
