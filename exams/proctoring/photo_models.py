"""Photos by which proctors know people again; encrypted like every personal number."""

from django.conf import settings
from django.db import models

from lms.kit.crypto import EncryptedTextField


class CandidatePhoto(models.Model):
    """The one photo of a person: a small JPEG in base64, kept with the person's consent and for check-in only."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="candidate_photo")
    image = EncryptedTextField()
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stored_at = models.DateTimeField()

    class Meta:
        ordering = ["person_id"]

    def __str__(self) -> str:
        return f"photo of {self.person_id}"
