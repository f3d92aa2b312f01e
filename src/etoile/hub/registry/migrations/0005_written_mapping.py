"""A mapping keeps its names in the order in which they were written: files of XML are written in it."""

from django.db import migrations

import etoile.hub.registry.written


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_lookups")]

    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="mapping",
            field=etoile.hub.registry.written.WrittenField(blank=True, null=True),
        ),
    ]
