"""Randomness: one generator per topic, so that a change in one does not shift the others (pure)."""

from random import Random
from uuid import UUID


class Streams:
    """All generators of one town."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, *topic: object) -> Random:
        """A fresh generator for a topic; asking again starts it from its beginning."""
        return Random(":".join([str(self.seed), *map(str, topic)]))


def random_key(chance: Random) -> UUID:
    """A UUID of version 4 that the generator decides."""
    return UUID(int=chance.getrandbits(128), version=4)


def whole_parts(total: int, weights: list[int], *, at_least: int = 0) -> list[int]:
    """Split `total` in proportion to the weights into whole numbers that add up to it (largest remainders).

    Each part gets `at_least` first; raises ValueError when the total does not suffice.
    """
    free = total - at_least * len(weights)
    if free < 0:
        raise ValueError(f"{total} is too little for {len(weights)} parts of at least {at_least}")
    whole = sum(weights)
    exact = [free * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[: free - sum(parts)]:
        parts[index] += 1
    return [at_least + part for part in parts]
