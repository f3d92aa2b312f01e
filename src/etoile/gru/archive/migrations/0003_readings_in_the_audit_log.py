from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("archive", "0002_guards"), ("audit", "__first__")]

    operations = [migrations.DeleteModel("Reading")]
