"""Daily anchors of the chains of events."""

from django.db import models

from lms.jobs.models import private_storage


class Anchor(models.Model):
    """One file of heads. `last_event`: the events up to this row (by primary key) are anchored."""

    made_at = models.DateTimeField()
    last_event = models.PositiveBigIntegerField(unique=True)
    attempts = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    previous = models.CharField(max_length=64, blank=True)
    file = models.FileField(storage=private_storage, upload_to="anchors/%Y/")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.digest[:12]}"
