"""How enterprises differ: from exemplary to zero activity (pure)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """What an enterprise is like.

    study: share of people who do what is assigned, at the beginning and at the end of the history.
    skill: shift of the chance to answer right (on the logit scale). effort: how much of the time limit is used.
    expired: share of operators' licences that ran out. activated: share of accounts in use.
    """

    code: str
    study: tuple[float, float]
    skill: float
    effort: float
    expired: float
    activated: float
    copied: bool = False

    def takes_part(self, progress: float) -> float:
        """Share of people who do what is assigned, `progress` 0…1 through the history."""
        first, last = self.study
        return first + (last - first) * min(1.0, max(0.0, progress))


PROFILES = {
    profile.code: profile
    for profile in (
        Profile("exemplary", (0.93, 1.0), 0.9, 0.55, 0.0, 1.0),
        Profile("steady", (0.84, 0.97), 0.6, 0.5, 0.02, 0.98),
        Profile("average", (0.62, 0.94), 0.25, 0.45, 0.06, 0.94),
        Profile("lagging", (0.28, 0.70), -0.3, 0.36, 0.16, 0.75),
        # Everybody "passes", in three minutes, with one another's answers.
        Profile("fake", (0.95, 1.0), 0.0, 0.05, 0.08, 1.0, copied=True),
        Profile("zero", (0.0, 0.0), 0.0, 0.4, 0.2, 0.0),
    )
}
