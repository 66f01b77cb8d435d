"""What an import needs to know from the database, chunk by chunk."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from lms.access.models import RoleAssignment
from lms.jobs.models import Job, JobStatus
from lms.organisations.models import Enterprise
from lms.people.import_plan import Known, KnownEmployment, KnownPerson
from lms.people.importing import EnterpriseFacts, Frame
from lms.people.models import Employment, EmploymentCategory, PersonnelCategory, User

CHECK, WRITE = "people.import_check", "people.import"


def frame_for(enterprises: QuerySet[Enterprise], *, today: date) -> Frame:
    """What rows are checked against; three queries."""
    own = tuple(
        EnterpriseFacts(*row) for row in enterprises.order_by("code").values_list("pk", "name", "short_name", "uscc")
    )
    held = {row.pk for row in own}
    return Frame(
        enterprises=own,
        categories=dict(PersonnelCategory.objects.values_list("name", "pk")),
        today=today,
        foreign_usccs=frozenset(Enterprise.objects.exclude(pk__in=held).values_list("uscc", flat=True)),
    )


def known_of(id_hashes: Collection[str], phone_hashes: Collection[str], frame: Frame) -> Known:
    """What the register says about these people; five queries whatever their number."""
    people = list(User.objects.filter(id_hash__in=id_hashes).values_list("pk", "name", "id_hash", "phone_hash"))
    phones = dict(User.objects.filter(phone_hash__in=phone_hashes).values_list("phone_hash", "pk"))
    own = {row.pk for row in frame.enterprises}
    employments, elsewhere = open_employments([row[0] for row in people], own, frame.today)
    return Known(
        people={
            id_hash: KnownPerson(pk, name, phone_hash, employments.get(pk, {}), pk in elsewhere)
            for pk, name, id_hash, phone_hash in people
            if id_hash
        },
        phones={phone_hash: pk for phone_hash, pk in phones.items() if phone_hash},
    )


def open_employments(
    person_ids: Collection[int], own: set[int], today: date
) -> tuple[dict[int, dict[int, KnownEmployment]], set[int]]:
    """Employments by person and enterprise, and the people who belong elsewhere too."""
    if not person_ids:
        return {}, set()
    rows = list(
        Employment.objects.filter(person_id__in=person_ids, ended_on__isnull=True).values_list(
            "pk",
            "person_id",
            "enterprise_id",
            "workshop__name",
            "team__name",
            "post__name",
            "trade",
            "employment_type",
            "employer_name",
            "started_on",
        )
    )
    categories: dict[int, set[int]] = {}
    periods = EmploymentCategory.objects.filter(employment_id__in=[row[0] for row in rows], valid_until__isnull=True)
    for employment_id, category_id in periods.values_list("employment_id", "category_id"):
        categories.setdefault(employment_id, set()).add(category_id)
    roles = RoleAssignment.objects.valid_on(today).filter(person_id__in=person_ids)
    elsewhere = {person for person, place in roles.values_list("person_id", "enterprise_id") if place not in own}
    found: dict[int, dict[int, KnownEmployment]] = {}
    for pk, person_id, enterprise_id, workshop, team, post, trade, kind, employer, started in rows:
        if enterprise_id not in own:
            elsewhere.add(person_id)
            continue
        found.setdefault(person_id, {})[enterprise_id] = KnownEmployment(
            pk,
            enterprise_id,
            workshop or "",
            team or "",
            post or "",
            trade,
            kind,
            employer,
            started,
            frozenset(categories.get(pk, ())),
        )
    return found, elsewhere


def unfinished_imports(person_id: int) -> list[Job]:
    """Checked files that have good rows and were not written yet; the newest three."""
    jobs = Job.objects.filter(owner_id=person_id, kind=CHECK, status=JobStatus.DONE)[:3]
    return [job for job in jobs if job.result.get("good") and not job.params.get("written")]
