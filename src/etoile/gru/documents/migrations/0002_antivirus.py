from django.db import migrations, models

STATES = [
    ("unchecked", "Non vérifiée par un antivirus"),
    ("clean", "Vérifiée par l’antivirus"),
    ("infected", "Refusée par l’antivirus"),
    ("unavailable", "En attente de l’antivirus"),
]


class Migration(migrations.Migration):
    """What was `received` was never scanned: it is `unchecked`, and is scanned once a scanner is configured."""

    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="state",
            field=models.CharField(choices=STATES, default="unchecked", max_length=12),
        ),
        migrations.AddField(
            model_name="document", name="threat", field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="document", name="checked_at", field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE documents_document SET state = 'unchecked' WHERE state = 'received'",
            "UPDATE documents_document SET state = 'received' WHERE state IN ('unchecked', 'unavailable')",
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("state__in", ["unchecked", "unavailable"])),
                fields=["created_at"],
                name="documents_waiting",
            ),
        ),
    ]  # fmt: skip
