"""What each key keeps of whose it is. Of one whose account was joined to another before, it is computed from the other:
it goes on opening nothing."""

import hmac
from typing import Any

from django.conf import settings
from django.db import migrations, models


def write(apps: Any, schema_editor: Any) -> None:
    for each in apps.get_model("passkeys", "Passkey").objects.all():
        said = f"passkeys {each.kind} {each.holder}"
        each.owner = hmac.digest(settings.SECRET_KEY.encode(), said.encode(), "sha256")
        each.save(update_fields=["owner"])


class Migration(migrations.Migration):
    dependencies = [("passkeys", "0001_passkeys")]

    operations = [
        migrations.AddField("passkey", "owner", models.BinaryField(default=b"", max_length=32), preserve_default=False),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
