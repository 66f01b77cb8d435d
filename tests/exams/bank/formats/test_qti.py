"""QTI: what is written reads back equal; items of 2.x and 3.0 are read as the specification means them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.bank.formats import qti, qti3
from tests.exams.bank.formats.packs import one_of_each, received, sent, written


def there_and_back(questions):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bank.zip"
        left = qti3.write(questions, path)
        return list(qti.read(path)), left


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(written(), min_size=1, max_size=3, unique_by=lambda question: question.code))
def test_what_is_exported_imports_back_equal(questions):
    found, left = there_and_back(questions)
    assert [one for one in left if one.whole] == []
    assert [received(question) for question in found] == [sent(question) for question in questions]
    assert [(question.problems, question.losses) for question in found] == [((), ())] * len(questions)


def test_every_type_comes_back_without_a_loss():
    found, left = there_and_back(one_of_each())
    assert left == []
    assert [received(question) for question in found] == [sent(question) for question in one_of_each()]
