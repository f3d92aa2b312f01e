from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddField(model_name="entry", name="person_id", field=models.UUIDField(null=True)),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["person_id", "-id"],
                name="audit_by_person",
                condition=models.Q(("person_id__isnull", False)),
            ),
        ),
    ]
