from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0008_no_django_session")]

    operations = [
        migrations.AddField("lateform", "accepted_at", models.DateTimeField(null=True)),
        migrations.AddField("lateform", "refused_at", models.DateTimeField(null=True)),
    ]
