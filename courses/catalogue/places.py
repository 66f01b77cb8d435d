"""Region paths."""


def ancestors(path: str) -> list[str]:
    """`/town/village/` → [`/town/`, `/town/village/`]."""
    codes = [code for code in path.split("/") if code]
    return [f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes))]
