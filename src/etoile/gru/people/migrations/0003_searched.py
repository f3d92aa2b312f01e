"""What persons are looked for by, and the figures of the user base."""

import django.db.models.deletion
from django.db import migrations, models

NORMAL = """
CREATE FUNCTION people_normal(key text, value jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(CASE
        WHEN key = 'address' THEN regexp_replace(
            CASE jsonb_typeof(value) WHEN 'object' THEN value ->> 'postal_code' ELSE value #>> '{}' END, '\\s', '', 'g')
        WHEN jsonb_typeof(value) NOT IN ('string', 'number') THEN NULL
        WHEN key = 'email' THEN lower(btrim(value #>> '{}'))
        -- The end of a telephone number is the same whatever its prefix.
        WHEN key = 'phone' THEN right(regexp_replace(value #>> '{}', '\\D', '', 'g'), 9)
        WHEN key IN ('siret', 'birth_date') THEN regexp_replace(value #>> '{}', '\\D', '', 'g')
        ELSE btrim(regexp_replace(replace(replace(translate(lower(value #>> '{}'),
            'àâäáãåçéèêëíìîïñóòôöõúùûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy'), 'œ', 'oe'), 'æ', 'ae'),
            '[^[:alnum:]]+', ' ', 'g'))
    END, 200)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0006_door"), ("people", "0002_sealed")]

    operations = [
        migrations.RunSQL(NORMAL, "DROP FUNCTION people_normal(text, jsonb)"),
        # By the order of the letters alone: beginnings of names are looked for between two bounds.
        migrations.RunSQL(
            """
            ALTER TABLE people_attribute ADD COLUMN normal varchar(200) COLLATE "C"
                GENERATED ALWAYS AS (people_normal(key, value)) STORED
            """,
            "ALTER TABLE people_attribute DROP COLUMN normal",
            state_operations=[
                migrations.AddField(
                    model_name="attribute",
                    name="normal",
                    field=models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("key"), models.F("value"), function="people_normal"),
                        output_field=models.CharField(max_length=200, null=True),
                    ),
                )
            ],
        ),
        migrations.AddIndex(
            model_name="attribute",
            index=models.Index(fields=["key", "normal"], name="people_attribute_searched"),
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(default="", max_length=40)),
                ("counted_on", models.DateField()),
                ("persons", models.PositiveIntegerField()),
                ("levels", models.PositiveBigIntegerField(default=0)),
                ("expired", models.PositiveIntegerField(default=0)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.authority"
                    ),
                ),
            ],
            options={
                "db_table": "people_figure",
                "constraints": [
                    models.UniqueConstraint(fields=("authority", "counted_on", "key"), name="people_figure_once")
                ],
            },
        ),
    ]
