from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("filling", "0003_prefilled"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="waived",
            field=models.JSONField(default=list),
        ),
    ]
