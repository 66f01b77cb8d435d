"""What part of the register somebody may see; computed by `lms.access`, used by every query."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Immutable view rights of one person. Empty means: nothing but one's own records.

    region_paths: prefixes such as "/bailing/"; the whole subtree is visible.
    team_ids: teams whose members (only) a team leader sees.
    """

    person_id: int | None = None
    everything: bool = False
    region_paths: tuple[str, ...] = ()
    committee_ids: tuple[int, ...] = ()
    enterprise_ids: tuple[int, ...] = ()
    team_ids: tuple[int, ...] = ()

    @property
    def supervises(self) -> bool:
        """Whether more than single enterprises are in view (supervision place)."""
        return self.everything or bool(self.region_paths or self.committee_ids)


NOTHING = Scope()
