"""Who sits at a session shows again that it is theirs, before what cannot be undone or what lets somebody in."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.accounts.models import PersonSession
from etoile.gru.accounts.passphrases import is_right
from etoile.gru.portal import throttle
from etoile.gru.portal.space import forms

# Whoever sits at a session left open guesses no further.
WRONG_INSIDE = throttle.Limit(count=8, seconds=900)
# Who has no passphrase has just come in, by a platform.
JUST_NOW = timedelta(minutes=15)


def proved(session: PersonSession, form: forms.Proving) -> bool:
    """The present passphrase, when the account has one; wrong ones are counted, here alone."""
    account = session.account
    if not account.passphrase:
        return True
    if throttle.exceeded("space-inside", str(account.pk), WRONG_INSIDE):
        form.add_error("current", _("Trop d’essais. Réessayez dans un quart d’heure."))
        return False
    if is_right(form.cleaned_data["current"], account.passphrase):
        return True
    throttle.allowed("space-inside", str(account.pk), WRONG_INSIDE)
    form.add_error("current", _("Ce n’est pas votre phrase secrète actuelle. Vérifiez-la, puis recommencez."))
    return False


def may_let_in(session: PersonSession) -> bool:
    """Whether what opens the space may be added now: with the passphrase, which will be asked, or just after coming
    in."""
    return bool(session.account.passphrase) or just_came(session)


def just_came(session: PersonSession) -> bool:
    return timezone.now() - session.opened_at < JUST_NOW
