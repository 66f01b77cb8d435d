"""Staff numbers (pure): enterprise code + running number."""


def staff_number(code: str, running: int) -> str:
    """`HF-0001`; the number grows beyond four digits where it must."""
    return f"{code}-{running:04d}"
