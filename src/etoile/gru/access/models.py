"""Who the authority is, who works for it, and in which sector: every other room of the GRU stands on this one."""

from datetime import date
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from etoile.gru.access.accounts import AccountManager

siret = RegexValidator(r"\A\d{14}\Z", _("Un SIRET a 14 chiffres, par exemple 21490999900017."))


def existing_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("« %(name)s » n'est pas un fuseau horaire connu, par exemple Europe/Paris."), params={"name": name}
        )


class Authority(models.Model):
    """A collectivité. What the law prints on every page and receipt about it is kept here, as data."""

    siret = models.CharField(max_length=14, unique=True, validators=[siret])
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    host = models.CharField(max_length=253, blank=True)
    timezone = models.CharField(max_length=64, default="Europe/Paris", validators=[existing_timezone])
    insee = models.CharField(max_length=5, blank=True)
    address = models.TextField(blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    website = models.URLField(blank=True)
    opening_hours = models.TextField(blank=True)
    publication_director = models.CharField(max_length=200, blank=True)
    hosting = models.TextField(blank=True)
    data_protection_officer = models.TextField(blank=True)
    theme = models.JSONField(default=dict, blank=True)
    # Days without work besides the holidays of the law: [{"day": "2027-05-07", "name": "Pont de l'Ascension"}].
    closed_days = models.JSONField(default=list, blank=True)
    # Its own words for the usual notices: {template: {"subject": {"fr": …}, "body": {"fr": …}}}.
    messages = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("host"),
                name="access_authority_host",
                condition=~models.Q(host=""),
                violation_error_message="hôte",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def today(self) -> date:
        """The day it is there, which is not everywhere that of the server."""
        return timezone.localdate(timezone=self.zone)


class Sector(models.Model):
    """Childhood, town planning, civil status…: the wall inside the authority (a person's files never cross it)."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="sectors")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "slug"], name="access_sector_slug")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """The service in charge. CRPA R112-11-1 wants its name, address and phone on each receipt."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="teams")
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="teams")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    address = models.TextField()
    email = models.EmailField()
    phone = models.CharField(max_length=30)
    opening_hours = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "slug"], name="access_team_slug")]

    def __str__(self) -> str:
        return self.name


class Account(AbstractBaseUser):
    """An agent. Accounts are not persons: a citizen's data never lives here."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="accounts", null=True, blank=True)
    email = models.EmailField(max_length=254)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    capacity = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    # The program that acts in this agent's name, during its request: the history prints both.
    through: str = ""

    objects = AccountManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="access_account_email")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Role(models.TextChoices):
    """What an account is for; what each may do is `rights.RIGHTS`."""

    READER = "reader", _("lecture")
    INSTRUCTOR = "instructor", _("instruction")
    SIGNATORY = "signatory", _("signature")
    MANAGER = "manager", _("responsable")
    DESIGNER = "designer", _("conception des démarches")
    PUBLISHER = "publisher", _("publication des démarches")
    ADMINISTRATOR = "administrator", _("administration")
    DPO = "dpo", _("protection des données")
    ARCHIVIST = "archivist", _("archives")


class Membership(models.Model):
    """A role held in a team, or in the whole authority of the account when `team` is empty."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships", null=True, blank=True)
    role = models.CharField(max_length=15, choices=Role.choices, default=Role.INSTRUCTOR)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "team", "role"], name="access_membership_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.team_id or 'authority'}"


class SecondFactor(models.Model):
    """The telephone of an agent: its secret sealed (`factors`), and the last step of thirty seconds it has served for.

    `failures`: wrong codes since the last right one, the last at `failed_at`.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="second_factor")
    secret = models.TextField()
    last_step = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.since:%Y-%m-%d}"


class RecoveryCode(models.Model):
    """A code on paper that serves once, in place of the telephone: its row is removed then. `digest`: see `factors`."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.account_id)


class OpenSession(AbstractBaseSession):
    """A session of Django, with whose it is: it can be listed, and ended from elsewhere."""

    account_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        db_table = "access_session"

    def __str__(self) -> str:
        return str(self.account_id)


class LateForm(models.Model):
    """What somebody was sending when their session ended (`unsent`): for an hour, sealed for `holder`, the name of an
    account of an agent or of a person. Once the page it was for has accepted it, its fields are no more sealed there:
    the row says until its hour that it was done."""

    holder = models.CharField(max_length=60, db_index=True)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_late_form"

    def __str__(self) -> str:
        return self.holder


class Delegation(models.Model):
    """Who signs decisions, and from when to when (CRPA L212-1: first name, name, capacity and service are printed).

    `procedures`: slugs; empty, all of them. `formula` is printed above the name. `ends_on`: the last day, none until it
    is ended. `act`: the order that gave it, for whoever checks.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="delegations")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    capacity = models.CharField(max_length=150)
    service = models.CharField(max_length=200)
    formula = models.CharField(max_length=200, blank=True)
    act = models.CharField(max_length=200, blank=True)
    procedures = models.JSONField(default=list, blank=True)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_delegation_ends_after",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("begins_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}, {self.capacity}"


class Product(models.TextChoices):
    """What an authority shows on the web through the GRU: each owes its own accessibility statement."""

    PORTAL = "portal", _("Portail des usagers")
    BACKOFFICE = "backoffice", _("Espace des agents")


class Declaration(models.Model):
    """One published accessibility statement. Only added: the last one of a product is in force, the others are proof.

    `conforming`, `failing` and `last_day` repeat what the footer of every page needs of `record`.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="declarations")
    product = models.CharField(max_length=12, choices=Product.choices)
    record = models.JSONField()
    conforming = models.PositiveSmallIntegerField(default=0)
    failing = models.PositiveSmallIntegerField(default=0)
    last_day = models.DateField(null=True)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["authority", "product", "-id"], name="access_declaration_last")]

    def __str__(self) -> str:
        return f"{self.product} {self.published_at:%Y-%m-%d}"


class PageText(models.Model):
    """The words an authority puts on a page of information, in one language, in place of the text we give."""

    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="page_texts")
    page = models.SlugField(max_length=40)
    language = models.CharField(max_length=10)
    text = models.TextField(max_length=20_000)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "page", "language"], name="access_page_text_once")]

    def __str__(self) -> str:
        return f"{self.page} ({self.language})"


class ApiClient(AbstractApplication):
    """A program allowed to use the GRU's API, for one authority, within the scopes written here."""

    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, related_name="api_clients", null=True, blank=True
    )
    allowed_scopes = models.TextField(blank=True)

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
