"""Circuits and rates of subscriptions, and the quarantine of statuses nobody can place (docs/adr).

None of the three is partitioned: the first two have a row per subscription, and a row of the quarantine that is settled
loses its content.
"""

from django.db import migrations, models

TABLES = """
ALTER TABLE delivery_delivery ADD COLUMN not_before timestamptz;

CREATE TABLE delivery_circuit (
    subscription_id bigint PRIMARY KEY,
    state text NOT NULL DEFAULT 'closed' CHECK (state IN ('closed', 'open', 'half_open')),
    reason text NOT NULL DEFAULT '' CHECK (reason IN ('', 'unavailable', 'configuration')),
    failures integer NOT NULL DEFAULT 0,
    openings integer NOT NULL DEFAULT 0,
    since timestamptz,
    next_probe timestamptz,
    probe_until timestamptz,
    probe_token bigint NOT NULL DEFAULT 0,
    last_delivery uuid,
    words text NOT NULL DEFAULT '',
    version bigint NOT NULL DEFAULT 0,
    CONSTRAINT delivery_circuit_open_until CHECK (state = 'closed' OR next_probe IS NOT NULL),
    CONSTRAINT delivery_circuit_probe_leased CHECK (state <> 'half_open' OR probe_until IS NOT NULL)
) WITH (fillfactor = 70);

CREATE TABLE delivery_rate (
    subscription_id bigint PRIMARY KEY,
    tokens double precision NOT NULL DEFAULT 1,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 70);

CREATE TABLE delivery_quarantined (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    times integer NOT NULL DEFAULT 1,
    application_id bigint NOT NULL,
    subscription_id bigint,
    delivery_id uuid,
    message_id uuid,
    external_id text,
    status text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('unknown_case', 'refused')),
    detail text NOT NULL DEFAULT '',
    digest bytea NOT NULL,
    content jsonb,
    state text NOT NULL CHECK (state IN ('waiting', 'applied', 'discarded')),
    settled_at timestamptz,
    settled_by text,
    UNIQUE (application_id, digest),
    CONSTRAINT delivery_quarantine_settled CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CONSTRAINT delivery_quarantine_forgets CHECK (state = 'waiting' OR content IS NULL)
);
CREATE INDEX delivery_quarantine_waiting ON delivery_quarantined (id) WHERE state = 'waiting';
CREATE INDEX delivery_quarantine_number ON delivery_quarantined (application_id, external_id) WHERE state = 'waiting';
"""

DROP = """
DROP TABLE delivery_quarantined, delivery_rate, delivery_circuit;
ALTER TABLE delivery_delivery DROP COLUMN not_before;
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_lease_is_the_attempt")]

    operations = [
        migrations.RunSQL(
            TABLES,
            DROP,
            state_operations=[
                migrations.AddField("delivery", "not_before", models.DateTimeField(null=True)),
                migrations.CreateModel(
                    name="Quarantined",
                    fields=[
                        ("id", models.UUIDField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("seen_at", models.DateTimeField()),
                        ("times", models.IntegerField(default=1)),
                        ("application_id", models.BigIntegerField()),
                        ("subscription_id", models.BigIntegerField(null=True)),
                        ("delivery_id", models.UUIDField(null=True)),
                        ("message_id", models.UUIDField(null=True)),
                        ("external_id", models.TextField(null=True)),
                        ("status", models.TextField()),
                        (
                            "reason",
                            models.TextField(
                                choices=[("unknown_case", "demande inconnue"), ("refused", "réponse inutilisable")]
                            ),
                        ),
                        ("detail", models.TextField(default="")),
                        ("digest", models.BinaryField()),
                        ("content", models.JSONField(null=True)),
                        (
                            "state",
                            models.TextField(
                                choices=[("waiting", "en attente"), ("applied", "appliqué"), ("discarded", "écarté")]
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("settled_by", models.TextField(null=True)),
                    ],
                    options={"db_table": "delivery_quarantined", "ordering": ["-id"], "managed": False},
                ),
            ],
        ),
    ]
