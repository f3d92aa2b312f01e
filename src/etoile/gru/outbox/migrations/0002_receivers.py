from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
    ]

    operations = [
        migrations.AddField(model_name="outgoingevent", name="receivers", field=models.PositiveIntegerField(null=True)),
    ]
