"""Deliveries and attempts, partitioned by month on their UUIDv7 key.

What changes at each try is narrow and kept apart from the payload (in the journal): fillfactor and an eager vacuum keep
the few pages the claims walk small. The storage settings stand on the default partition, copied to each month's.
"""

from django.db import migrations, models

TABLES = """
CREATE SEQUENCE delivery_position AS bigint;

CREATE TABLE delivery_delivery (
    id uuid PRIMARY KEY,
    message_id uuid NOT NULL,
    subscription_id bigint NOT NULL,
    application_id bigint NOT NULL,
    subject text NOT NULL,
    position bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'leased', 'sent', 'acknowledged', 'retry_scheduled', 'rejected',
                                         'dead', 'held', 'cancelled')),
    due timestamptz,
    token bigint NOT NULL DEFAULT 0,
    leased_by text,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    tries_from integer NOT NULL DEFAULT 0,
    external_id text,
    outcome text,
    detail text,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT delivery_due_when_it_may_leave
        CHECK (due IS NULL OR state IN ('pending', 'retry_scheduled', 'leased')),
    CONSTRAINT delivery_leased_with_an_end CHECK ((state = 'leased') = (lease_until IS NOT NULL))
) PARTITION BY RANGE (id);
CREATE INDEX delivery_delivery_due ON delivery_delivery (subscription_id, due) WHERE due IS NOT NULL;
CREATE INDEX delivery_delivery_lane ON delivery_delivery (subscription_id, subject, position)
    WHERE state IN ('pending', 'leased', 'retry_scheduled', 'rejected', 'dead', 'held');
CREATE INDEX delivery_delivery_stuck ON delivery_delivery (state, id) WHERE state IN ('rejected', 'dead', 'held', 'sent');
CREATE INDEX delivery_delivery_message ON delivery_delivery (message_id);
CREATE TABLE delivery_delivery_default PARTITION OF delivery_delivery DEFAULT
    WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200);

CREATE TABLE delivery_attempt (
    id uuid PRIMARY KEY,
    delivery_id uuid NOT NULL,
    number integer NOT NULL,
    worker text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    outcome text,
    http_status integer,
    detail text
) PARTITION BY RANGE (id);
CREATE INDEX delivery_attempt_delivery ON delivery_attempt (delivery_id);
CREATE TABLE delivery_attempt_default PARTITION OF delivery_attempt DEFAULT WITH (fillfactor = 70);

CREATE TABLE delivery_external_reference (
    application_id bigint NOT NULL,
    external_id text NOT NULL,
    subject text NOT NULL,
    message_source text NOT NULL,
    delivery_id uuid NOT NULL,
    PRIMARY KEY (application_id, external_id)
);

CREATE TABLE delivery_poll (
    subscription_id bigint PRIMARY KEY,
    cursor text,
    due timestamptz NOT NULL,
    lease_until timestamptz,
    token bigint NOT NULL DEFAULT 0,
    last_error text
);

-- A claim does not know beforehand how many attempts it will write: their keys are made here (RFC 9562, version 7).
CREATE FUNCTION delivery_new_key() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT overlay(overlay(gen_random_uuid()::text PLACING left(t.milliseconds, 8) || '-' || right(t.milliseconds, 4)
                           FROM 1 FOR 13) PLACING '7' FROM 15 FOR 1)::uuid
    FROM (SELECT lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') AS milliseconds) t
$$;

SELECT journal_ensure_partitions(2);
"""

DROP = """
DROP TABLE delivery_poll, delivery_external_reference, delivery_attempt, delivery_delivery;
DROP SEQUENCE delivery_position;
DROP FUNCTION delivery_new_key();
"""

STATES = [
    ("pending", "en attente"),
    ("leased", "en cours d'envoi"),
    ("sent", "envoyée, réponse attendue"),
    ("acknowledged", "reçue par l'application"),
    ("retry_scheduled", "nouvel essai prévu"),
    ("rejected", "refusée, à corriger"),
    ("dead", "essais épuisés"),
    ("held", "retenue"),
    ("cancelled", "annulée"),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(TABLES, DROP),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("message_id", models.UUIDField()),
                ("subscription_id", models.BigIntegerField()),
                ("application_id", models.BigIntegerField()),
                ("subject", models.TextField()),
                ("position", models.BigIntegerField()),
                ("state", models.TextField(choices=STATES)),
                ("due", models.DateTimeField(null=True)),
                ("token", models.BigIntegerField(default=0)),
                ("leased_by", models.TextField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("tries_from", models.IntegerField(default=0)),
                ("external_id", models.TextField(null=True)),
                ("outcome", models.TextField(null=True)),
                ("detail", models.TextField(null=True)),
                ("created_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "delivery_delivery", "ordering": ["-id"], "managed": False},
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("delivery_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("worker", models.TextField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(null=True)),
                ("http_status", models.IntegerField(null=True)),
                ("detail", models.TextField(null=True)),
            ],
            options={"db_table": "delivery_attempt", "ordering": ["id"], "managed": False},
        ),
        migrations.CreateModel(
            name="ExternalReference",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "application_id", "external_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("application_id", models.BigIntegerField()),
                ("external_id", models.TextField()),
                ("subject", models.TextField()),
                ("message_source", models.TextField()),
                ("delivery_id", models.UUIDField()),
            ],
            options={"db_table": "delivery_external_reference", "managed": False},
        ),
        migrations.CreateModel(
            name="Poll",
            fields=[
                ("subscription_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("cursor", models.TextField(null=True)),
                ("due", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("token", models.BigIntegerField(default=0)),
                ("last_error", models.TextField(null=True)),
            ],
            options={"db_table": "delivery_poll", "managed": False},
        ),
    ]
