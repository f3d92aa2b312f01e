"""Who is plugged into the hub, by which contract, and where what they emit goes."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from etoile.hub.catalogue.models import MessageType
from etoile.hub.registry.pairwise import new_key
from etoile.hub.registry.vault import SealedField, SealedMappingField
from etoile.hub.registry.written import WrittenField

SLUG = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Des minuscules, des chiffres et des tirets."))


class Role(models.TextChoices):
    """What someone may do at the console, each role all that the one before it may."""

    READER = "reader", _("lecture")
    OPERATOR = "operator", _("exploitation")
    ADMINISTRATOR = "administrator", _("administration")


RANKS = {role: rank for rank, role in enumerate(Role.values)}


class OperatorManager(BaseUserManager["Operator"]):
    def get_by_natural_key(self, username: str | None) -> "Operator":
        return self.get(email=(username or "").lower())


class Operator(AbstractBaseUser):
    """Someone who watches the hub at its console."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom"), max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.READER)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OperatorManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="registry_operator_email_lower"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, role: str) -> bool:
        """True if this operator has that role, or a greater one."""
        return RANKS[self.role] >= RANKS[role]


class Authority(models.Model):
    siret = models.CharField(max_length=14, unique=True, validators=[RegexValidator(r"^\d{14}$")])
    name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Environment(models.TextChoices):
    PRODUCTION = "production", _("production")
    TEST = "test", _("recette")
    TRAINING = "training", _("formation")


class Answerable(models.TextChoices):
    AUTHORITY = "authority", _("la collectivité")
    GRU_VENDOR = "gru_vendor", _("l'éditeur de la GRU")
    VENDOR = "vendor", _("l'éditeur du logiciel métier")


class Application(models.Model):
    slug = models.CharField(max_length=60, unique=True, validators=[SLUG])
    name = models.CharField(max_length=200)
    vendor = models.CharField(max_length=200, blank=True)
    domain = models.CharField(max_length=120, blank=True)
    sector = models.CharField(max_length=60, blank=True)
    environment = models.CharField(max_length=20, choices=Environment.choices, default=Environment.PRODUCTION)
    owner = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    answerable = models.CharField(max_length=20, choices=Answerable.choices, default=Answerable.AUTHORITY)
    authorities = models.ManyToManyField(Authority, related_name="applications", blank=True)
    document_base_url = models.URLField(blank=True)
    document_secret = SealedField(blank=True)
    pairwise_key = SealedField(default=new_key, editable=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.name


class Direction(models.TextChoices):
    IN = "in", _("reçoit")
    OUT = "out", _("émet")


class TestState(models.TextChoices):
    DECLARED = "declared", _("déclaré")
    CHECKED = "checked", _("vérifié")
    FAILING = "failing", _("en échec")


class Interface(models.Model):
    """One line of the contract of an application: a type it emits or receives, and what is expected then.

    `expected` False, for a type it emits: nobody has to receive it. Such a message is kept, and no one is warned.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="interfaces")
    message_type = models.ForeignKey(MessageType, on_delete=models.PROTECT, related_name="interfaces")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    version = models.PositiveSmallIntegerField(default=1)
    expected_behaviour = models.TextField(blank=True)
    service_level = models.CharField(max_length=200, blank=True)
    expected = models.BooleanField(default=True)
    test_state = models.CharField(max_length=10, choices=TestState.choices, default=TestState.DECLARED)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["application", "direction", "message_type"]
        constraints: ClassVar = [
            models.UniqueConstraint("application", "message_type", "direction", name="registry_interface_once"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.pk}"


class Subscription(models.Model):
    """What an application receives: a type, a filter, the fields it may see, and by which connector."""

    slug = models.CharField(max_length=80, unique=True, validators=[SLUG])
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="subscriptions")
    message_type = models.ForeignKey(MessageType, on_delete=models.PROTECT, related_name="subscriptions")
    filter = models.TextField(blank=True)
    fields = models.JSONField(default=list, blank=True)
    mapping = WrittenField(null=True, blank=True)
    connector = models.CharField(max_length=60)
    configuration = models.JSONField(default=dict, blank=True)
    secrets = SealedMappingField(blank=True, default=dict)
    policy = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(default=True)
    ordered = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Lookup(models.Model):
    """A question that applications may ask through the hub, and wait for: who may, why, and the form of the answer.

    `readers`: purposes by the slug of an application. `cache_seconds` 0: no answer is kept.
    """

    name = models.CharField(max_length=60, unique=True, validators=[SLUG])
    title = models.CharField(max_length=200)
    instead = models.CharField(max_length=300)
    timeout = models.FloatField(default=5.0)
    cache_seconds = models.PositiveIntegerField(default=0)
    stale_seconds = models.PositiveIntegerField(default=0)
    purposes = models.JSONField(default=dict)
    readers = models.JSONField(default=dict, blank=True)
    query = models.JSONField()
    answer = models.JSONField()
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.title


class LookupProvider(models.Model):
    """Who answers a lookup, by which connector; the first in order is asked first."""

    lookup = models.ForeignKey(Lookup, on_delete=models.CASCADE, related_name="providers")
    slug = models.CharField(max_length=60, validators=[SLUG])
    rank = models.PositiveSmallIntegerField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="provides")
    connector = models.CharField(max_length=60)
    configuration = models.JSONField(default=dict, blank=True)
    secrets = SealedMappingField(blank=True, default=dict)
    mapping = models.JSONField(null=True, blank=True)
    timeout = models.FloatField(null=True, blank=True)
    absent = models.CharField(max_length=4, default="stop")
    circuit = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["lookup", "rank"]
        constraints: ClassVar = [
            models.UniqueConstraint("lookup", "slug", name="registry_lookup_provider_once"),
        ]

    def __str__(self) -> str:
        return self.slug


class Credential(AbstractApplication):
    """An OAuth 2 client of an application. Several may live at once, so that a secret can be changed without a stop.

    `operation`: it operates the hub itself; without it, no scope that begins with `hub:` can be given.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="credentials")
    scopes = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    operation = models.BooleanField(default=False)

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        ordering: ClassVar = ["client_id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(operation=True) | ~models.Q(scopes__contains="hub:"),
                name="registry_credential_operates",
            ),
        ]

    def is_usable(self, request: object) -> bool:
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.application.is_active and not expired


class Change(models.Model):
    """One change of the registry: who, when, why, and all that is known of the thing before and after, no secret in it.

    Written once, never changed nor deleted (triggers say so). `application`: the slug of the one whose page shows it.
    """

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    actor = models.TextField()
    reason = models.TextField()
    kind = models.TextField()
    name = models.TextField()
    application = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = "registry_change"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
