"""Eight roles, several per account, in a team or in the whole authority.

An agent becomes an instructor. An administrator, who was so in one team and saw its cases, becomes an administrator of
the authority and an instructor in that team.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
INSERT INTO access_membership (account_id, team_id, role)
    SELECT DISTINCT account_id, NULL::bigint, 'administrator' FROM access_membership WHERE role = 'admin';
UPDATE access_membership SET role = 'instructor' WHERE role IN ('agent', 'admin');
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_declarations")]

    operations = [
        migrations.RemoveField(model_name="account", name="teams"),
        migrations.RemoveConstraint(model_name="membership", name="access_membership_once"),
        migrations.AlterField(
            model_name="membership",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to="access.team",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("reader", "lecture"),
                    ("instructor", "instruction"),
                    ("signatory", "signature"),
                    ("manager", "responsable"),
                    ("designer", "conception des démarches"),
                    ("publisher", "publication des démarches"),
                    ("administrator", "administration"),
                    ("dpo", "protection des données"),
                ],
                default="instructor",
                max_length=15,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("account", "team", "role"), name="access_membership_once", nulls_distinct=False
            ),
        ),
        # Last: rows written before an ALTER would leave the table with checks to come, and PostgreSQL refuses that.
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
