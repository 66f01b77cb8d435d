import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("exams", "0008_twin_pairs"),
    ]

    operations = [
        migrations.AddField(
            model_name="questionimport",
            name="facts",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="questionimport",
            name="default_topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="exams.topic",
                verbose_name="没写知识点的题归到",
            ),
        ),
        migrations.AddField(
            model_name="questionimport",
            name="leave_out_similar",
            field=models.BooleanField(default=False, verbose_name="很像的题也不导入"),
        ),
    ]
