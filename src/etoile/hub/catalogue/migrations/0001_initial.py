from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MessageType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type", models.CharField(max_length=120, unique=True)),
                ("version", models.PositiveSmallIntegerField()),
                ("title_fr", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("in_force", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["type"],
            },
        ),
    ]
