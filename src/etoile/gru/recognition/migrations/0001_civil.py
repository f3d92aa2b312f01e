import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("accounts", "0001_accounts"), ("access", "0006_door")]

    operations = [
        migrations.CreateModel(
            name="CivilIdentity",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="civil_identity",
                        serialize=False,
                        to="accounts.personaccount",
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("certified_at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.authority"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("authority", "digest"), name="recognition_civil_once")],
            },
        ),
    ]
