"""An account that was joined to another one of the same human being."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="personaccount",
            name="joined_to",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.personaccount"
            ),
        ),
        migrations.AlterField(
            model_name="ownrequest",
            name="how",
            field=models.CharField(
                choices=[
                    ("started", "commencée depuis mon espace"),
                    ("link", "ajoutée par son lien de suivi"),
                    ("joined", "venue de votre autre dossier"),
                ],
                max_length=8,
            ),
        ),
    ]
