import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0006_door")]

    operations = [
        migrations.CreateModel(
            name="AgentLink",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="proconnect",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("subject", models.CharField(max_length=255, unique=True)),
                ("since", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
