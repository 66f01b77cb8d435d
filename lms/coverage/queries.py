"""Reading requirements and the register for the coverage pages."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lms.coverage.models import Outcome, OutcomeKind, Requirement
from lms.coverage.tally import Goal
from lms.coverage.yardstick import ANY_CATEGORY, CategoryRule, Definition, Yardstick
from lms.organisations.models import Enterprise, Industry, Region, SectorCommittee
from lms.organisations.scope import Scope
from lms.people.models import Employment

STAFF = "staff"
# What counts as activity of an enterprise: somebody learned or was examined.
LEARNING_KINDS = (
    OutcomeKind.COURSE_COMPLETED,
    OutcomeKind.EXAM_PASSED,
    OutcomeKind.HOURS_CREDITED,
    OutcomeKind.SESSION_ATTENDED,
    OutcomeKind.CERTIFICATE_HELD,
)


def definition_of(requirement: Requirement) -> Definition:
    """From the row and its prefetched rules, targets and industries (no query)."""
    industries = list(requirement.industries.all())
    rules = tuple(
        CategoryRule(rule.category_id, tuple(rule.subjects), rule.category.code, rule.category.name, rule.label)
        for rule in requirement.category_rules.all()
    )
    return Definition(
        code=requirement.code,
        name=requirement.name,
        year=requirement.year,
        kind=requirement.kind,
        scheme_code=requirement.scheme.code if requirement.scheme else "",
        scheme_name=requirement.scheme.name if requirement.scheme else "",
        outcome=requirement.get_outcome_kind_display(),
        source=requirement.source,
        yardstick=Yardstick(
            rules=rules,
            kinds=(requirement.outcome_kind,),
            counts_from=requirement.counts_from,
            counts_until=requirement.counts_until,
            industry_ids=tuple(industry.pk for industry in industries),
        ),
        goals=tuple(Goal(row.percent, row.due_on, row.source) for row in requirement.targets.all()),
        industry_names=tuple(industry.name for industry in industries),
    )


def definitions() -> list[Definition]:
    """All requirements, the oldest first; four queries."""
    rows = Requirement.objects.select_related("scheme").prefetch_related(
        "category_rules__category", "targets", "industries"
    )
    return [definition_of(row) for row in rows.order_by("counts_from", "counts_until", "code")]


def begun(found: Iterable[Definition], kind: str, *, on: date) -> list[Definition]:
    """Those of a kind that had begun on a day."""
    return [row for row in found if row.kind == kind and row.yardstick.counts_from <= on]


def current(found: Iterable[Definition], *, on: date, scheme: str = "") -> Definition | None:
    """The requirement of a scheme that a page shows for a day: the one that runs, else the last one that ended."""
    running = begun(found, Requirement.Kind.SCHEME, on=on)
    wanted = [row for row in running if not scheme or row.scheme_code == scheme]
    return max(wanted, key=lambda row: (row.yardstick.counts_until, row.yardstick.counts_from), default=None)


def staff_measures(*, on: date) -> list[Definition]:
    """真训, 真考, 真会 of everybody employed, in the year of a day; of the persons checked for the third."""
    checks = (OutcomeKind.SPOT_CHECK_PASSED, OutcomeKind.SPOT_CHECK_FAILED)
    wanted = [
        ("trained", _("真训"), OutcomeKind.COURSE_COMPLETED, (), _("学完一门以上课程")),
        ("examined", _("真考"), OutcomeKind.EXAM_PASSED, (), _("一门以上考试合格")),
        ("able", _("真会"), OutcomeKind.SPOT_CHECK_PASSED, checks, _("现场抽查通过")),
    ]
    return [
        Definition(
            code=code,
            name=name,
            year=on.year,
            kind=STAFF,
            scheme_code="",
            scheme_name="",
            outcome=str(kind.label),
            source="",
            yardstick=Yardstick(
                rules=(CategoryRule(ANY_CATEGORY, (), "", _("在册人员"), label),),
                kinds=(kind,),
                counts_from=date(on.year, 1, 1),
                counts_until=date(on.year, 12, 31),
                among=among,
            ),
            goals=(),
            industry_names=(),
        )
        for code, name, kind, among, label in wanted
    ]


def idle_enterprises(scope: Scope, *, since: date, on: date) -> QuerySet[Enterprise]:
    """Enterprises in the register on a day where nobody learned anything between two days (零学习企业).

    Whoever worked there when the outcome was achieved counts, in each enterprise of theirs; an outcome that was
    withdrawn by that day does not.
    """
    learned = Outcome.objects.filter(
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on),
        kind__in=LEARNING_KINDS,
        person_id=OuterRef("person_id"),
        achieved_on__range=(since, on),
        achieved_on__gte=OuterRef("started_on"),
        achieved_on__lte=Coalesce(OuterRef("ended_on"), on),
    )
    # A scalar subquery stops at the first active person; NOT EXISTS would be turned into a join of everything.
    active = Employment.objects.filter(Exists(learned), enterprise_id=OuterRef("pk")).order_by().values("pk")[:1]
    places = Enterprise.objects.within(scope).registered_on(on)
    return places.alias(somebody_active=Subquery(active)).filter(somebody_active__isnull=True)


def register_size(scope: Scope, *, on: date) -> int:
    """How many enterprises the register held on a day."""
    return Enterprise.objects.within(scope).registered_on(on).count()


def without_category(enterprise_ids: Iterable[int], category_code: str, *, on: date) -> set[int]:
    """Which of these enterprises name nobody in a category on a day (未报主要负责人)."""
    named = Employment.objects.on(on).filter(
        Q(category_periods__valid_until__isnull=True) | Q(category_periods__valid_until__gte=on),
        category_periods__valid_from__lte=on,
        category_periods__category__code=category_code,
        enterprise_id__in=list(enterprise_ids),
    )
    return set(enterprise_ids) - set(named.values_list("enterprise_id", flat=True))


def industry_names() -> dict[int, str]:
    """All industries in order: special fields first, they are what the plan looks at."""
    rows = Industry.objects.order_by(F("kind").desc(), "position", "code").values_list("pk", "name")
    return dict(rows)


def area_name(scope: Scope) -> str:
    """Whose numbers these are: the town or the committee; empty where no one name fits."""
    if scope.everything:
        return ""
    regions = Region.objects.filter(path__in=scope.region_paths).values_list("name", flat=True)
    committees = SectorCommittee.objects.filter(pk__in=scope.committee_ids).values_list("name", flat=True)
    found = list(regions[:2] if scope.region_paths else committees[:2])
    return found[0] if len(found) == 1 else ""
