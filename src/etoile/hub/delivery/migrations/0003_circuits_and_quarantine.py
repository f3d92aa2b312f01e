from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_lease_is_the_attempt")]

    operations = []
