from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0006_door")]

    operations = [
        migrations.CreateModel(
            name="LateForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(db_index=True, max_length=60)),
                ("sealed", models.BinaryField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={"db_table": "access_late_form"},
        ),
    ]
