"""A person's account. Nothing here is shared with the accounts of agents: neither table, cookie nor page."""

import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from etoile.gru.outbox.identifiers import uuid7


class PersonAccount(models.Model):
    """`email`: the one a code has verified, in small letters; empty for who comes by a platform alone.

    `joined_to`: another account of the same human being, which has what this one held; this one opens nothing then.
    `passphrase`: as `django.contrib.auth.hashers` keeps it; empty, it opens nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    person_id: uuid.UUID
    email = models.EmailField(max_length=254, blank=True, default="")
    passphrase = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=10, default="fr")
    created_at = models.DateTimeField(auto_now_add=True)
    passphrase_at = models.DateTimeField(null=True)
    joined_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    signed_in_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_account"
        constraints = [
            models.UniqueConstraint(
                "authority", Lower("email"), name="accounts_email_once", condition=~models.Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Link(models.Model):
    """The name under which a platform of identity knows the person of an account: one of each a platform, and each
    name once in an authority."""

    account = models.ForeignKey(PersonAccount, on_delete=models.CASCADE, related_name="links")
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    platform = models.SlugField(max_length=40)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_link"
        constraints = [
            models.UniqueConstraint(fields=["authority", "platform", "subject"], name="accounts_link_subject_once"),
            models.UniqueConstraint(fields=["account", "platform"], name="accounts_link_platform_once"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.account_id}"


class PersonSession(models.Model):
    """A browser that is signed in: its key is in its cookie alone, here is its digest.

    `shared`: the person said that others use the computer. `platform`: the one that proved who they are this time
    (`Link.platform`), empty for a passphrase, a key or a code; `id_token`: sealed by who opened it, for the logout
    there.
    """

    account = models.ForeignKey(PersonAccount, on_delete=models.CASCADE, related_name="sessions")
    digest = models.BinaryField(max_length=32, unique=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    browser = models.CharField(max_length=300, blank=True, default="")
    shared = models.BooleanField(default=False)
    platform = models.SlugField(max_length=40, blank=True, default="")
    level = models.CharField(max_length=40, blank=True, default="")
    id_token = models.BinaryField(null=True)

    class Meta:
        db_table = "accounts_session"

    def __str__(self) -> str:
        return f"{self.account_id} {self.opened_at:%Y-%m-%d}"


class Proof(models.Model):
    """A code sent to an address, for a few minutes. The code is in no table: see `proofs`.

    `account`: the one whose address it will be; none while somebody is only coming in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(PersonAccount, on_delete=models.CASCADE, null=True, related_name="+")
    email = models.EmailField(max_length=254)
    ends_at = models.DateTimeField(db_index=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "accounts_proof"

    def __str__(self) -> str:
        return str(self.id)


class How(models.TextChoices):
    """Why a request is in an account."""

    STARTED = "started", _("commencée depuis mon espace")
    LINK = "link", _("ajoutée par son lien de suivi")
    JOINED = "joined", _("venue de votre autre dossier")


class OwnRequest(models.Model):
    """A request that its person keeps in their account. `case_id` is its draft's identifier too: what was begun signed
    in needs nothing more once it is sent. Without a key to either: both may end before the account does.
    """

    account = models.ForeignKey(PersonAccount, on_delete=models.CASCADE, related_name="requests")
    case_id = models.UUIDField(db_index=True)
    how = models.CharField(max_length=8, choices=How.choices)
    since = models.DateTimeField()

    class Meta:
        db_table = "accounts_request"
        constraints = [models.UniqueConstraint(fields=["account", "case_id"], name="accounts_request_once")]

    def __str__(self) -> str:
        return str(self.case_id)
