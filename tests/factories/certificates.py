"""Real rows of the certificates app."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from certificates.models import Certificate, Design, IssuingRule
from lms.coverage.models import OutcomeKind
from tests.factories.lms import OutcomeFactory, UserFactory


class DesignFactory(DjangoModelFactory[Design]):
    class Meta:
        model = Design
        django_get_or_create = ("code",)

    code = "training"
    name = title = "培训合格证明"
    english_title = "Certificate of Safety Training"
    issuer = "柏岭镇安全生产教育培训平台"
    number_prefix = "BL"
    note = "本证明由培训平台出具，不代替法定证件。"
    valid_months = 12


class IssuingRuleFactory(DjangoModelFactory[IssuingRule]):
    class Meta:
        model = IssuingRule
        django_get_or_create = ("subject",)

    design = factory.SubFactory(DesignFactory)
    subject = "confined-space"


class CertificateFactory(DjangoModelFactory[Certificate]):
    class Meta:
        model = Certificate

    number = factory.Sequence(lambda n: f"BL-2026-9{n:05d}")
    verify_code = factory.Sequence(lambda n: f"TESTCDE{n:05d}".replace("0", "Z").replace("1", "Y"))
    person = factory.SubFactory(UserFactory)
    design = factory.SubFactory(DesignFactory)
    subject = "confined-space"
    course_title = "有限空间作业安全"
    basis = factory.SubFactory(
        OutcomeFactory, kind=OutcomeKind.EXAM_PASSED, subject="confined-space", person=factory.SelfAttribute("..person")
    )
    facts = factory.LazyAttribute(
        lambda row: {
            "name": row.person.name,
            "masked_name": row.person.masked_name,
            "masked_id": row.person.masked_id,
            "employer": "柏岭恒丰味业有限公司",
            "post": "发酵工",
            "started_on": "2026-11-02",
            "ended_on": "2026-11-20",
            "required_hours": "4",
            "credited_hours": "4.2",
            "score": "86",
            "pass_mark": "80",
        }
    )
    issued_at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    issued_on = date(2026, 11, 20)
    valid_until = date(2027, 11, 19)
