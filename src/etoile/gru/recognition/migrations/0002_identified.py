import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recognition", "0001_civil"), ("cases", "0010_by_email")]

    operations = [
        migrations.CreateModel(
            name="Identified",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="identified",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("platform", models.SlugField(max_length=40)),
                ("level", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=600)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
