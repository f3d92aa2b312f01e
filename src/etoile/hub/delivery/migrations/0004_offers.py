from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_circuits_and_quarantine")]

    operations = []
