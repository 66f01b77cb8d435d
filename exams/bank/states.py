"""From which status to which a question may go (pure)."""

DRAFT, REVIEW, PUBLISHED, RETIRED = "draft", "review", "published", "retired"

TRANSITIONS = {
    "submit": ((DRAFT,), REVIEW),
    "approve": ((REVIEW,), PUBLISHED),
    "return": ((REVIEW,), DRAFT),
    "retire": ((DRAFT, REVIEW, PUBLISHED), RETIRED),
}
# Where a question stands after a new version was written.
AFTER_REVISION = {DRAFT: DRAFT, REVIEW: REVIEW, PUBLISHED: REVIEW, RETIRED: DRAFT}


class NotAllowed(Exception):
    """The step is not possible from this status, or not for this person; `reason` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def next_status(status: str, step: str) -> str:
    """The status after a step; raises NotAllowed."""
    sources, target = TRANSITIONS[step]
    if status not in sources:
        raise NotAllowed("status")
    return target


def steps_from(status: str) -> tuple[str, ...]:
    """The steps that are possible from a status."""
    return tuple(step for step, (sources, _) in TRANSITIONS.items() if status in sources)
