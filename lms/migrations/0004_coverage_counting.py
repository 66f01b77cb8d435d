"""What satisfies a requirement, in words; an index that holds all that counting reads of the ledger."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lms", "0003_staff_numbers")]

    operations = [
        migrations.RemoveIndex(model_name="outcome", name="outcome_by_subject"),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                fields=["kind", "subject", "achieved_on", "valid_until", "withdrawn_on", "person"],
                name="outcome_for_counting",
            ),
        ),
        migrations.AddField(
            model_name="requirementcategory",
            name="label",
            field=models.CharField(blank=True, help_text="写进数字旁的定义", max_length=200, verbose_name="满足条件"),
        ),
    ]
