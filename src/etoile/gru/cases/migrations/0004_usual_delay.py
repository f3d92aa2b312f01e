from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_longer_language")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", False)),
                fields=["procedure_version", "-decided_at"],
                name="cases_decided",
            ),
        ),
    ]
