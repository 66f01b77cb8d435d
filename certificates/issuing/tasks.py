"""Background entry points."""

from django_tasks import task

from certificates.issuing.actions import ensure_pdf, issue_due
from lms.kit.clock import current_time
from lms.people.models import User


@task()
def issue_due_task(person_id: int) -> None:
    """Issue what a person has earned, then draw the PDFs."""
    for certificate in issue_due(person=User.objects.get(pk=person_id), now=current_time()):
        ensure_pdf(certificate)
