"""Full-text search in the versions of questions."""

from django.db import migrations

SQLITE = [
    # Contentless: versions never change and are never deleted, so nothing is ever taken out of the index.
    "CREATE VIRTUAL TABLE exams_version_words USING fts5("
    "words, content='', detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 0')",
]
POSTGRESQL = [
    "CREATE TABLE exams_version_words (version_id bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX exams_version_words_gin ON exams_version_words USING gin (words)",
]


def create(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def fill(apps, schema_editor):
    # The index is no model: it is filled by the code that keeps it, from named columns that this migration has.
    from exams.bank.search import index_all

    if apps.get_model("exams", "QuestionVersion").objects.exists():
        index_all()


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE exams_version_words")


class Migration(migrations.Migration):
    dependencies = [("exams", "0004_marking_by_people")]

    operations = [
        migrations.RunPython(create, drop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
