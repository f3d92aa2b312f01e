"""The only writer of the accounts of persons."""

import uuid
from contextlib import suppress

from django.contrib.auth.hashers import identify_hasher
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.accounts import to_the_letter
from etoile.gru.access.models import Authority
from etoile.gru.accounts import journal, keys, letters, passphrases, proofs, queries, sessions
from etoile.gru.accounts.models import How, Link, OwnRequest, PersonAccount, PersonSession
from etoile.gru.filling import services as filling
from etoile.gru.filling.opened import filling_of
from etoile.gru.people import scope
from etoile.gru.people.models import Level, Person
from etoile.gru.people.services import LowerLevel, forget_unused, record_applicant, record_attribute


class AccountRefused(Exception):
    """What may not be, in a sentence for the person."""


def enter(authority: Authority, proof_id: uuid.UUID, code: str, passphrase: str, *, language: str) -> PersonAccount:
    """Whoever reads the mailbox chooses a passphrase: the account is made, or takes it in place of the one before.

    Raises `proofs.WrongCode`, `proofs.ProofEnded`, or `AccountRefused` for the passphrase, which uses nothing up. The
    sessions of an account that existed end, and its owner is told.
    """
    proofs.check(authority, proof_id, code)
    with transaction.atomic():
        proof = proofs.locked(authority, proof_id)
        refuse_weak(passphrase, proof.email)
        _refuse_joined(authority, proof.email)
        account = _of_email(authority, proof.email) or _create(authority, proof.email, language)
        is_new = not account.passphrase
        account.passphrase, account.passphrase_at = passphrases.kept(passphrase), timezone.now()
        account.save(update_fields=["passphrase", "passphrase_at"])
        proof.delete()
        if is_new:
            journal.note_of(account, "space.created")
        else:
            sessions.end(account)
            letters.tell(account, "passphrase_changed")
            journal.note_of(account, "space.passphrase")
    return account


def check(authority: Authority, email: str, passphrase: str) -> PersonAccount | None:
    """The account of this address when the passphrase is right. As long for an address that is unknown."""
    account = _of_email(authority, email.strip().lower())
    known = account.passphrase if account is not None else ""
    if not passphrases.is_right(passphrase, known) or account is None:
        return None
    if identify_hasher(known).must_update(known):
        # One chosen meanwhile stays.
        account.passphrase = passphrases.kept(passphrase)
        PersonAccount.objects.filter(pk=account.pk, passphrase=known).update(passphrase=account.passphrase)
    return account


def change_passphrase(session: PersonSession, wanted: str) -> None:
    """Another passphrase, for who has just given the present one; the other sessions end, and an e-mail says so.

    Raises `AccountRefused`."""
    account = session.account
    refuse_weak(wanted, account.email)
    with transaction.atomic():
        account.passphrase, account.passphrase_at = passphrases.kept(wanted), timezone.now()
        account.save(update_fields=["passphrase", "passphrase_at"])
        sessions.end(account, kept=session)
        letters.tell(account, "passphrase_changed")
        journal.note_of(account, "space.passphrase")


def change_email(session: PersonSession, proof_id: uuid.UUID, code: str) -> PersonAccount:
    """The address that this code proves becomes the account's; the one before is told.

    Raises `proofs.WrongCode`, `proofs.ProofEnded`, and `AccountRefused` when another account has it."""
    account = session.account
    proofs.check(account.authority, proof_id, code, of=account)
    with transaction.atomic():
        proof = proofs.locked(account.authority, proof_id, of=account)
        letters.tell(account, "account_email")
        try:
            with transaction.atomic():
                PersonAccount.objects.filter(pk=account.pk).update(email=proof.email)
        except IntegrityError as error:
            taken = _("Un autre espace a déjà cette adresse. Ouvrez-le, ou choisissez-en une autre.")
            raise AccountRefused(taken) from error
        account.email = proof.email
        _know_email(account)
        proof.delete()
        sessions.end(account, kept=session)
        journal.note_of(account, "space.email")
    return account


@transaction.atomic
def close(account: PersonAccount) -> None:
    """The account is no more: its sessions, links, drafts, and its person when no request is theirs.

    The requests that were sent stay: they are the authority's to treat and to keep, and their tracking links open them.
    """
    letters.tell(account, "account_closed")
    journal.note_of(account, "space.closed")
    for draft in queries.drafts_of(account, how=How.STARTED):
        filling.abandon(filling_of(draft))
    person = account.person_id
    # Those joined to it go with it.
    for each in (account, *PersonAccount.objects.select_related("authority").filter(joined_to=account)):
        keys.forget(each)
    account.delete()
    forget_unused(person)


def opened_by(authority: Authority, platform: str, subject: str) -> PersonAccount | None:
    """The account that this platform's name is linked to here. One statement."""
    found = Link.objects.select_related("account__authority")
    link = found.filter(authority=authority, platform=platform, subject=subject).first()
    return link.account if link is not None else None


@transaction.atomic
def open_with(authority: Authority, platform: str, subject: str, *, language: str = "fr") -> PersonAccount:
    """The account linked to this name, made with its person when there is none. Its e-mail stays empty: what a platform
    tells of an address does not open an account, a code does. Two at once give one account."""
    known = opened_by(authority, platform, subject)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            account = _create(authority, "", language)
            _link(account, platform, subject)
    except IntegrityError:
        found = opened_by(authority, platform, subject)
        if found is None:
            raise
        return found
    journal.note_of(account, "space.created", platform=platform)
    return account


@transaction.atomic
def link(account: PersonAccount, platform: str, subject: str) -> None:
    """This account, whose person is signed in, is opened by that platform from now on. Said again, nothing changes.

    Raises `AccountRefused`: the name is linked to another account, or this account to another name.
    """
    if opened_by(account.authority, platform, subject) == account:
        return
    try:
        with transaction.atomic():
            _link(account, platform, subject)
    except IntegrityError as error:
        raise AccountRefused(_("Cette identité, ou cet espace, est déjà reliée à une autre.")) from error
    letters.tell(account, "account_linked")
    journal.note_of(account, "space.linked", platform=platform)


@transaction.atomic
def unlink(account: PersonAccount, platform: str) -> bool:
    """The platform opens this account no more. Refused to who would be left without a way in."""
    links = Link.objects.filter(account=account)
    if not account.passphrase and not links.exclude(platform=platform).exists():
        raise AccountRefused(_("C’est votre seul moyen d’entrer. Choisissez d’abord une phrase secrète."))
    removed = links.filter(platform=platform).delete()[0]
    if removed:
        journal.note_of(account, "space.unlinked", platform=platform)
    return bool(removed)


def keep(account: PersonAccount, case_id: uuid.UUID, how: How) -> bool:
    """This request, or draft, is found again in the account. False when it was there. Two statements.

    The caller has proof that it is theirs: the account began it, or its secret link was given."""
    kept = OwnRequest(account=account, case_id=case_id, how=how, since=timezone.now())
    known = OwnRequest.objects.filter(account=account, case_id=case_id).exists()
    OwnRequest.objects.bulk_create([kept], ignore_conflicts=True)
    return not known


def refuse_weak(passphrase: str, email: str) -> None:
    weak = passphrases.problem(passphrase, email=email)
    if weak:
        raise AccountRefused(weak)


def _of_email(authority: Authority, email: str) -> PersonAccount | None:
    if not email:
        return None
    return _having(authority, email).select_related("authority").filter(joined_to=None).first()


def _having(authority: Authority, email: str) -> QuerySet[PersonAccount]:
    return to_the_letter(PersonAccount.objects.filter(authority=authority).exclude(email=""), email)


def _refuse_joined(authority: Authority, email: str) -> None:
    """Said to who has shown that they read that mailbox."""
    if _having(authority, email).exclude(joined_to=None).exists():
        raise AccountRefused(_("L’espace de cette adresse est réuni à votre autre espace : ouvrez celui-là."))


def _create(authority: Authority, email: str, language: str) -> PersonAccount:
    """With its person, of whom only the address is known."""
    try:
        with transaction.atomic():
            person: Person = record_applicant(authority, {})
            account = PersonAccount.objects.create(authority=authority, person=person, email=email, language=language)
    except IntegrityError:
        found = _of_email(authority, email)
        if found is None:
            raise
        return found
    _know_email(account)
    return account


def _know_email(account: PersonAccount) -> None:
    """A platform may have told another address, more surely: both are right, and the account's opens it."""
    if account.email:
        with suppress(LowerLevel), scope.of_person(account.person_id):
            record_attribute(account.person, "email", account.email, level=Level.CHECKED_BY_CODE, source="code")


def _link(account: PersonAccount, platform: str, subject: str) -> None:
    Link.objects.create(
        account=account, authority=account.authority, platform=platform, subject=subject, linked_at=timezone.now()
    )
