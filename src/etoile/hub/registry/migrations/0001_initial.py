import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import oauth2_provider.generators
import oauth2_provider.models
from django.conf import settings
from django.db import migrations, models

import etoile.hub.registry.pairwise
import etoile.hub.registry.vault

# The number comes from a sequence: a transaction rolled back never gives its number to another content.
TABLES = """
CREATE SEQUENCE registry_version_number;
CREATE TABLE registry_version (version bigint NOT NULL);
INSERT INTO registry_version VALUES (nextval('registry_version_number'));

CREATE FUNCTION registry_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry_version SET version = nextval('registry_version_number');
    RETURN NULL;
END $$;
"""
WATCHED = ("authority", "application", "application_authorities", "interface", "subscription")
TRIGGERS = [
    f"CREATE TRIGGER raise_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON registry_{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION registry_raise_version()"
    for table in WATCHED
]

# The tables themselves go with their models; their triggers need the function.
DROP = """
DROP FUNCTION registry_raise_version() CASCADE;
DROP TABLE registry_version;
DROP SEQUENCE registry_version_number;
"""


class Migration(migrations.Migration):
    initial = True
    run_before = [("oauth2_provider", "0001_initial")]

    dependencies = [
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Des minuscules, des chiffres et des tirets."
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("vendor", models.CharField(blank=True, max_length=200)),
                ("domain", models.CharField(blank=True, max_length=120)),
                ("sector", models.CharField(blank=True, max_length=60)),
                (
                    "environment",
                    models.CharField(
                        choices=[("production", "production"), ("test", "recette"), ("training", "formation")],
                        default="production",
                        max_length=20,
                    ),
                ),
                ("owner", models.CharField(blank=True, max_length=200)),
                ("contact", models.CharField(blank=True, max_length=200)),
                (
                    "answerable",
                    models.CharField(
                        choices=[
                            ("authority", "la collectivité"),
                            ("gru_vendor", "l'éditeur de la GRU"),
                            ("vendor", "l'éditeur du logiciel métier"),
                        ],
                        default="authority",
                        max_length=20,
                    ),
                ),
                ("document_base_url", models.URLField(blank=True)),
                ("document_secret", etoile.hub.registry.vault.SealedField(blank=True)),
                (
                    "pairwise_key",
                    etoile.hub.registry.vault.SealedField(default=etoile.hub.registry.pairwise.new_key, editable=False),
                ),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "siret",
                    models.CharField(
                        max_length=14, unique=True, validators=[django.core.validators.RegexValidator("^\\d{14}$")]
                    ),
                ),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="adresse électronique")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="nom")),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="registry_operator_email_lower",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "client_id",
                    models.CharField(
                        db_index=True,
                        default=oauth2_provider.generators.generate_client_id,
                        max_length=255,
                        unique=True,
                        verbose_name="client ID",
                    ),
                ),
                (
                    "redirect_uris",
                    models.TextField(
                        blank=True, help_text="Allowed URIs list, space separated", verbose_name="redirect URIs"
                    ),
                ),
                (
                    "post_logout_redirect_uris",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Allowed Post Logout URIs list, space separated",
                        verbose_name="post logout redirect URIs",
                    ),
                ),
                (
                    "client_type",
                    models.CharField(
                        choices=[("confidential", "Confidential"), ("public", "Public")],
                        max_length=32,
                        verbose_name="client type",
                    ),
                ),
                (
                    "authorization_grant_type",
                    models.CharField(
                        choices=[
                            ("authorization-code", "Authorization code"),
                            ("urn:ietf:params:oauth:grant-type:device_code", "Device Code"),
                            ("implicit", "Implicit"),
                            ("password", "Resource owner password-based"),
                            ("client-credentials", "Client credentials"),
                            ("openid-hybrid", "OpenID connect hybrid"),
                        ],
                        max_length=44,
                        verbose_name="authorization grant type",
                    ),
                ),
                (
                    "client_secret",
                    oauth2_provider.models.ClientSecretField(
                        blank=True,
                        db_index=True,
                        default=oauth2_provider.generators.generate_client_secret,
                        help_text="Client secret for authentication",
                        max_length=255,
                        verbose_name="client secret",
                    ),
                ),
                ("hash_client_secret", models.BooleanField(default=True, verbose_name="hash client secret")),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="name")),
                ("skip_authorization", models.BooleanField(default=False, verbose_name="skip authorization")),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "algorithm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No OIDC support"),
                            ("RS256", "RSA with SHA-2 256"),
                            ("HS256", "HMAC with SHA-2 256"),
                        ],
                        default="",
                        max_length=5,
                        verbose_name="algorithm",
                    ),
                ),
                (
                    "allowed_origins",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Allowed origins list to enable CORS, space separated",
                        verbose_name="allowed origins",
                    ),
                ),
                (
                    "registration_source",
                    models.CharField(
                        choices=[
                            ("manual", "Manual"),
                            ("dcr", "Dynamic Client Registration"),
                            ("cimd", "Client ID Metadata Document"),
                        ],
                        default="manual",
                        help_text="How this application was registered (manual, DCR per RFC 7591, or CIMD)",
                        max_length=32,
                        verbose_name="registration source",
                    ),
                ),
                (
                    "cimd_expires_at",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text="When the cached Client ID Metadata Document should be re-fetched",
                        null=True,
                        verbose_name="CIMD expires at",
                    ),
                ),
                ("scopes", models.TextField(blank=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(app_label)s_%(class)s",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credentials",
                        to="registry.application",
                    ),
                ),
            ],
            options={
                "ordering": ["client_id"],
                "abstract": False,
                "swappable": "OAUTH2_PROVIDER_APPLICATION_MODEL",
            },
        ),
        migrations.AddField(
            model_name="application",
            name="authorities",
            field=models.ManyToManyField(blank=True, related_name="applications", to="registry.authority"),
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Des minuscules, des chiffres et des tirets."
                            )
                        ],
                    ),
                ),
                ("filter", models.TextField(blank=True)),
                ("fields", models.JSONField(blank=True, default=list)),
                ("mapping", models.JSONField(blank=True, null=True)),
                ("connector", models.CharField(max_length=60)),
                ("configuration", models.JSONField(blank=True, default=dict)),
                ("secrets", etoile.hub.registry.vault.SealedMappingField(blank=True, default=dict)),
                ("policy", models.JSONField(blank=True, default=dict)),
                ("active", models.BooleanField(default=True)),
                ("ordered", models.BooleanField(default=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="registry.application",
                    ),
                ),
                (
                    "message_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="catalogue.messagetype",
                    ),
                ),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Interface",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("direction", models.CharField(choices=[("in", "reçoit"), ("out", "émet")], max_length=3)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("expected_behaviour", models.TextField(blank=True)),
                ("service_level", models.CharField(blank=True, max_length=200)),
                (
                    "test_state",
                    models.CharField(
                        choices=[("declared", "déclaré"), ("checked", "vérifié"), ("failing", "en échec")],
                        default="declared",
                        max_length=10,
                    ),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interfaces",
                        to="registry.application",
                    ),
                ),
                (
                    "message_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interfaces",
                        to="catalogue.messagetype",
                    ),
                ),
            ],
            options={
                "ordering": ["application", "direction", "message_type"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("application"),
                        models.F("message_type"),
                        models.F("direction"),
                        name="registry_interface_once",
                    )
                ],
            },
        ),
        migrations.RunSQL([TABLES, *TRIGGERS], DROP),
    ]
