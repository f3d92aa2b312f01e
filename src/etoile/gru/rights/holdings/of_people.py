"""What the user base and the accounts hold of a person."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from etoile.gru.accounts.models import Link, OwnRequest, PersonAccount, PersonSession, Proof
from etoile.gru.contracts.models import Changed
from etoile.gru.matching.models import Move
from etoile.gru.passkeys.models import Passkey
from etoile.gru.people.models import Attribute, Change, Person, Presence
from etoile.gru.recognition.models import CivilIdentity
from etoile.gru.rights.holdings.shapes import AGENT, INNER, OTHERS, SECRET, Held, hidden
from etoile.gru.rights.subject import Subject
from etoile.gru.ties.models import Concerned, Offer, Tie, TieChange, Told


def _of_its_person(subject: Subject) -> Q:
    return Q(person_id__in=subject.people)


def _before(subject: Subject, moment: str) -> Q:
    """Its rows, those of before the merge alone for who has nothing but a link."""
    found = _of_its_person(subject)
    for person, at in subject.merged_since.items():
        found &= ~Q(**{"person_id": person, f"{moment}__gte": at})
    return found


def _known_before(subject: Subject) -> Q:
    """A value replaced since is not the one that was known then; that one is in what changed."""
    found = _of_its_person(subject)
    for person, at in subject.merged_since.items():
        since = Change.objects.filter(person=person, key=OuterRef("key"), at__gte=at)
        found &= ~(Q(person_id=person) & Q(Exists(since)))
    return found


def _changed(subject: Subject) -> Q:
    """What a record held of another one by mistake, until the merge was undone, was never of its person."""
    mistaken = Move.objects.filter(
        holder=Move.VALUE, row=OuterRef("key"), merge__master=OuterRef("person"),
        merge__at__lte=OuterRef("at"), merge__undone_at__gte=OuterRef("at"),
    )  # fmt: skip
    return _before(subject, "at") & ~Q(Exists(mistaken))


def _of_its_account(subject: Subject) -> Q:
    return Q(account_id__in=subject.accounts)


def _of_its_ties(subject: Subject) -> Q:
    return Q(holder_id__in=subject.people) | Q(subject_id__in=subject.people)


def _of_the_changes_of_its_ties(subject: Subject) -> Q:
    return Q(tie__holder_id__in=subject.people) | Q(tie__subject_id__in=subject.people)


TABLES = (
    Held(
        Person,
        _("Votre fiche"),
        ("kind", "created_at", "restricted_at"),
        hidden(INNER, "id", "authority", "merged_into"),
        where=lambda subject: Q(pk__in=subject.people),
    ),
    Held(
        Attribute,
        _("Ce que nous savons de vous"),
        ("key", "value", "level", "source", "certified_at", "expires_at"),
        hidden(INNER, "id", "person", "normal"),
        where=_known_before,
    ),
    Held(
        Change,
        _("Ce qui a changé dans votre fiche"),
        ("key", "value", "level_before", "level", "source", "at"),
        {**hidden(INNER, "id", "person"), **hidden(AGENT, "author")},
        where=_changed,
    ),
    Held(
        Presence,
        _("Les secteurs qui vous connaissent"),
        ("sector", "by_act", "since"),
        hidden(INNER, "id", "person"),
        where=lambda subject: _before(subject, "since"),
    ),
    Held(
        Tie,
        _("Vos liens avec d’autres personnes et des organismes"),
        (
            "kind",
            "detail",
            "begins_on",
            "ends_on",
            "level",
            "source",
            "certified_at",
            "expires_at",
            "made_at",
            "ended_at",
        ),
        {**hidden(INNER, "id", "authority"), **hidden(OTHERS, "holder", "subject")},
        where=_of_its_ties,
    ),
    Held(
        TieChange,
        _("Ce qui a changé dans vos liens"),
        ("before", "after", "at"),
        {**hidden(INNER, "id", "tie"), **hidden(AGENT, "author")},
        where=_of_the_changes_of_its_ties,
    ),
    Held(
        Told,
        _("Vous êtes connu parce que l’un de vos proches a parlé de vous"),
        ("since",),
        hidden(INNER, "person"),
        where=_of_its_person,
    ),
    Held(
        Offer,
        _("Les mandats qui attendent votre réponse"),
        ("email", "made_at"),
        hidden(OTHERS, "tie"),
        where=lambda subject: Q(email__in=subject.emails),
    ),
    Held(
        Concerned,
        _("Les demandes faites pour vous par quelqu’un de vos proches"),
        ("since",),
        {**hidden(INNER, "case_id", "person"), **hidden(OTHERS, "tie")},
        where=_of_its_person,
    ),
    Held(
        Changed,
        _("Les changements que des applications vont apprendre"),
        ("key", "at"),
        hidden(INNER, "id", "person_id", "was_id"),
        where=lambda subject: _before(subject, "at"),
    ),
    Held(
        PersonAccount,
        _("Votre espace"),
        ("email", "language", "created_at", "passphrase_at", "signed_in_at"),
        {**hidden(INNER, "id", "authority", "person", "joined_to"), **hidden(SECRET, "passphrase")},
        where=lambda subject: Q(pk__in=subject.accounts) | Q(joined_to__in=subject.accounts),
    ),
    Held(
        Link,
        _("Les identités par lesquelles vous entrez"),
        ("platform", "subject", "linked_at"),
        hidden(INNER, "id", "account", "authority"),
        where=_of_its_account,
    ),
    Held(
        CivilIdentity,
        _("L’identité certifiée de votre espace"),
        ("certified_at",),
        {**hidden(INNER, "account", "authority"), **hidden(SECRET, "digest")},
        where=_of_its_account,
    ),
    Held(
        Passkey,
        _("Les clés d’accès de votre espace"),
        ("name", "host", "synced", "created_at", "used_at"),
        {**hidden(INNER, "id", "kind", "holder", "sign_count"), **hidden(SECRET, "credential", "owner", "public_key")},
        where=lambda subject: Q(holder__in=[str(each) for each in subject.accounts]) & ~Q(kind="agent"),
    ),
    Held(
        PersonSession,
        _("Les appareils connectés à votre espace"),
        ("opened_at", "seen_at", "ends_at", "browser", "shared", "platform", "level"),
        {**hidden(INNER, "id", "account"), **hidden(SECRET, "digest", "id_token")},
        where=_of_its_account,
    ),
    Held(
        Proof,
        _("Les codes envoyés à votre adresse"),
        ("email", "ends_at", "failures"),
        hidden(INNER, "id", "authority", "account"),
        where=_of_its_account,
    ),
    Held(
        OwnRequest,
        _("Les demandes gardées dans votre espace"),
        ("how", "since"),
        hidden(INNER, "id", "account", "case_id"),
        where=lambda subject: Q(case_id__in=subject.holders),
    ),
)
