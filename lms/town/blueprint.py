"""What the town consists of, before anything is written: enterprises, their kind and their size (pure)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.town.names import credit_code, firms, starter
from lms.town.profiles import PROFILES, Profile
from lms.town.streams import Streams, whole_parts

PEOPLE_PER_SCALE, SMALLEST = 2_000, 10
HISTORY_STARTS = date(2024, 11, 1)
PROFILE_MIX = ["exemplary", "steady", "steady", "average", "average", "average", "lagging", "lagging", "fake", "zero"]


@dataclass(frozen=True, slots=True)
class Size:
    """How large the town is to be."""

    enterprises: int
    people: int

    @classmethod
    def of_scale(cls, scale: int) -> "Size":
        """Scale 1: thirty enterprises, two thousand people."""
        return cls(len(starter("enterprises")["enterprise"]) * scale, PEOPLE_PER_SCALE * scale)


@dataclass(frozen=True, slots=True)
class Workplace:
    """A workshop of a plant; posts are (name, trade, share, licence)."""

    name: str
    share: int
    posts: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True, slots=True)
class EnterprisePlan:
    """One enterprise. `people` counts everybody who works there at any time of the history."""

    index: int
    code: str
    name: str
    short: str
    uscc: str
    industry: str
    special: tuple[str, ...]
    plant: str
    region: str
    committee: str
    profile: Profile
    people: int
    registered_on: date

    @property
    def industries(self) -> tuple[str, ...]:
        """Main industry first."""
        return (self.industry, *self.special)

    @property
    def workplaces(self) -> tuple[Workplace, ...]:
        """The workshops of its plant."""
        return tuple(
            Workplace(row["name"], row["share"], tuple((post[0], post[1], post[2], post[3]) for post in row["posts"]))
            for row in starter("plants")[self.plant]["workshops"]
        )


COMMITTEES = {
    "hazchem": "hazchem-gas", "gas": "hazchem-gas", "construction": "construction", "transport": "transport-mining",
    "mining": "transport-mining", "catering": "fire-public", "commerce": "fire-public", "warehousing": "fire-public",
    "health": "fire-public", "heritage": "fire-public",
}  # fmt: skip


def plan_enterprises(size: Size, streams: Streams) -> list[EnterprisePlan]:
    """The named enterprises first, then as many invented ones as the size asks for."""
    rows = named_rows()[: size.enterprises]
    rows += invented_rows(size.enterprises - len(rows), streams)
    people = whole_parts(size.people, [row["weight"] for row in rows], at_least=SMALLEST)
    chance = streams.of("register")
    return [
        EnterprisePlan(
            index=index, code=row["code"], name=row["name"], short=row["short"], uscc=credit_code(index + 1),
            industry=row["industry"], special=tuple(row["special"]), plant=row["plant"], region=row["region"],
            committee=row["committee"], profile=PROFILES[row["profile"]], people=count,
            registered_on=date(chance.randint(2006, 2023), chance.randint(1, 12), chance.randint(1, 28)),
        )
        for index, (row, count) in enumerate(zip(rows, people, strict=True))
    ]  # fmt: skip


def named_rows() -> list[dict[str, Any]]:
    """The rows of the starter file."""
    return list(starter("enterprises")["enterprise"])


def invented_rows(count: int, streams: Streams) -> list[dict[str, Any]]:
    """Further enterprises in the same mix of kinds, sizes and places."""
    chance = streams.of("firms")
    regions = [row["code"] for row in starter("enterprises")["region"]]
    weights = [row["weight"] for row in starter("enterprises")["enterprise"]]
    return [
        {
            "code": f"E{number:04d}", "name": firm.name, "short": firm.short, "industry": firm.industry,
            "special": list(firm.special), "plant": firm.plant, "region": chance.choice(regions),
            "committee": COMMITTEES.get(firm.industry, "industry-trade"), "profile": chance.choice(PROFILE_MIX),
            "weight": chance.choice(weights),
        }
        for number, firm in zip(range(1, count + 1), firms(chance), strict=False)
    ]  # fmt: skip
