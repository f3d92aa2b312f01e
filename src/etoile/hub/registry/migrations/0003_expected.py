from django.db import migrations, models

# What the hub says of a delivery interests its source alone, if it asked for it.
HUB = """
UPDATE registry_interface i SET expected = false FROM registry_application a
WHERE a.id = i.application_id AND a.slug = 'hub' AND i.direction = 'out'
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_roles_and_changes")]

    operations = [
        migrations.AddField(
            model_name="interface",
            name="expected",
            field=models.BooleanField(default=True),
        ),
        migrations.RunSQL(HUB, migrations.RunSQL.noop),
    ]
