"""What each notice says, in the language of the case. French msgids; the English ones are in `locale/`.

One builder a template: it gives a subject, a heading, paragraphs and facts, and the two mail templates print them.
"""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.gru.notices import payment_words, rights_words, tags, team_words
from etoile.gru.notices.said import Builder, Context, Said, day, identity, moment, needed, of_request, title
from etoile.gru.notices.said import MissingMention as MissingMention

RECEIPTS = frozenset({"registration_receipt"})


def say(template: str, context: Context) -> Said:
    """The words of a notice in the active language; those of its procedure where it has some (`context["words"]`).

    Raises `MissingMention`."""
    return _in_own_words(BUILDERS[template](context), template, context)


def _in_own_words(usual: Said, template: str, context: Context) -> Said:
    """The facts, and what the law wants said, stay; what the procedure says of a receipt is added to it."""
    own = context.get("words") or {}
    subject, body = (tags.filled(tags.said(own.get(key) or {}), context) for key in ("subject", "body"))
    paragraphs = tuple(part.strip() for part in body.split("\n\n") if part.strip())
    if template in RECEIPTS:
        paragraphs = (*usual.paragraphs, *paragraphs)
    return replace(usual, subject=" ".join(subject.split()) or usual.subject, paragraphs=paragraphs or usual.paragraphs)


def _registration_receipt(context: Context) -> Said:
    facts = (
        *identity(context),
        (_("Reçue le"), moment(context, "received_at")),
        (_("Service chargé de votre demande"), needed(context, "service")),
        (_("Adresse"), needed(context, "service_address")),
        (_("Courriel"), needed(context, "service_email")),
        (_("Téléphone"), needed(context, "service_phone")),
    )
    return Said(
        subject=_("Votre demande %(reference)s est enregistrée") % context,
        heading=_("Votre demande est enregistrée"),
        paragraphs=(
            _("%(authority)s a bien reçu votre demande. Conservez ce message : il vaut accusé de réception.") % context,
        ),
        facts=facts,
        closing=_silence(context),
        link=_("Suivre ma demande"),
    )


def _silence(context: Context) -> tuple[str, ...]:
    """Articles R112-11-1 and L232-3 (acceptance), L112-3 and R421-2 of the administrative courts (refusal)."""
    regime = context.get("silence_regime", "none")
    if regime == "none":
        return (_("L'absence de réponse ne vaut pas décision : le service vous répondra."),)
    when = day(context, "silence_date")
    if regime == "accept":
        return (
            _("Sans réponse de notre part le %(date)s, et si votre dossier est complet, votre demande sera acceptée.")
            % {"date": when},
            _(
                "Vous pourrez alors demander une attestation (article L232-3 du code des relations entre le public et "
                "l'administration)."
            ),
        )
    return (
        _("Sans réponse de notre part le %(date)s, et si votre dossier est complet, votre demande sera refusée.")
        % {"date": when},
        _(
            "Vous aurez alors deux mois pour la contester : par un recours gracieux adressé au service, ou devant le "
            "tribunal administratif (www.telerecours.fr)."
        ),
    )


def _document_asked(context: Context) -> Said:
    return Said(
        subject=_("Des pièces sont attendues pour votre demande %(reference)s") % context,
        heading=_("Des pièces sont attendues"),
        paragraphs=(
            _("Pour poursuivre, le service a besoin de pièces ou d'informations."),
            _("Vous avez jusqu'au %(deadline)s pour les envoyer.") % {"deadline": day(context, "deadline")},
        ),
        facts=identity(context),
        link=_("Voir la liste et répondre"),
    )


def _document_received(context: Context) -> Said:
    return of_request(
        context,
        _("Vos pièces sont arrivées"),
        _("Nous les avons reçues et les transmettons au service chargé de votre demande."),
        link=_("Suivre ma demande"),
    )


def _corrections_received(context: Context) -> Said:
    return of_request(
        context,
        _("Vos corrections sont arrivées"),
        _("Nous les avons reçues. Le service reprend l’examen de votre demande."),
        link=_("Suivre ma demande"),
    )


def _answers_edited(context: Context) -> Said:
    return Said(
        subject=_("Des réponses de votre demande %(reference)s ont été modifiées") % context,
        heading=_("Le service a modifié des réponses"),
        paragraphs=(
            _("Ce qui a changé, et pourquoi, vous attend sur la page de suivi."),
            _("Si ce n’est pas exact, écrivez au service depuis cette page."),
        ),
        facts=identity(context),
        link=_("Voir ce qui a changé"),
    )


def _document_returned(context: Context) -> Said:
    return of_request(
        context,
        _("Un document vous attend"),
        _("Le service vous a envoyé un document. Vous pouvez le télécharger sur la page de suivi."),
        link=_("Voir le document"),
    )


def _status_changed(context: Context) -> Said:
    return Said(
        subject=_("Votre demande %(reference)s avance") % context,
        heading=_("Votre demande avance"),
        paragraphs=(_("Il y a du nouveau. Le détail vous attend sur la page de suivi."),),
        facts=identity(context),
        link=_("Voir où en est ma demande"),
    )


def _message_received(context: Context) -> Said:
    return of_request(
        context,
        _("Un message vous attend"),
        _("Le service vous a écrit au sujet de votre demande."),
        link=_("Lire le message"),
    )


def _decision(context: Context) -> Said:
    return Said(
        subject=_("Votre demande %(reference)s a reçu une réponse") % context,
        heading=_("Votre demande a reçu une réponse"),
        paragraphs=(_("La réponse et ses explications vous attendent sur la page de suivi."),),
        facts=identity(context),
        closing=_on_line(context),
        link=_("Lire la réponse"),
    )


def _on_line(context: Context) -> tuple[str, ...]:
    """The notice of a document put at one's disposal (CRPA L112-15), for whoever agreed to it."""
    if not context.get("available_at"):
        return ()
    return (
        _("La réponse est à votre disposition depuis le %(at)s.") % {"at": moment(context, "available_at")},
        _("Comme vous l’avez accepté, elle remplace la lettre recommandée. Le jour où vous l’ouvrez est noté."),
    )


def _tracking_link(context: Context) -> Said:
    return Said(
        subject=_("Le lien de suivi de votre demande %(reference)s") % context,
        heading=_("Suivre votre demande"),
        paragraphs=(
            _("Vous avez demandé à recevoir de nouveau le lien de suivi : le voici."),
            _("Si ce n'est pas vous, vous n'avez rien à faire : ce lien n'est envoyé qu'à votre adresse."),
        ),
        facts=identity(context),
        link=_("Suivre ma demande"),
    )


def _draft_link(context: Context) -> Said:
    return Said(
        subject=_("Reprendre votre demande commencée"),
        paragraphs=(
            _("Voici le lien qui ouvre votre demande là où vous l’avez laissée, sur l’appareil de votre choix."),
            _("Elle n’est pas encore envoyée. Elle est gardée jusqu’au %(until)s, puis effacée.")
            % {"until": moment(context, "until")},
            _("Si ce n'est pas vous, vous n'avez rien à faire : ce lien n'est envoyé qu'à votre adresse."),
        ),
        facts=((_("Démarche"), title(context)),),
        link=_("Reprendre ma demande"),
    )


def _implicit_decision(context: Context) -> Said:
    last = {"day": day(context, "day")}
    if context["regime"] == "accept":
        told: tuple[str, ...] = (
            _("Le délai de réponse s'est terminé le %(day)s : votre demande est acceptée.") % last,
            _("Vous pouvez obtenir une attestation sur votre page de suivi."),
        )
    else:
        told = (
            _(
                "Le délai de réponse s'est terminé le %(day)s. Sans réponse, la loi considère votre demande comme "
                "refusée."
            )
            % last,
            _("Le service peut encore vous répondre. Vos droits et vos recours vous attendent sur la page de suivi."),
        )
    return Said(
        subject=_("Le délai de réponse à votre demande %(reference)s est terminé") % context,
        heading=_("Le délai de réponse est terminé"),
        paragraphs=told,
        facts=identity(context),
        link=_("Voir ma demande"),
    )


def _transmitted(context: Context) -> Said:
    return Said(
        subject=_("Votre demande %(reference)s est transmise") % context,
        heading=_("Votre demande est transmise"),
        paragraphs=(
            _("Elle est maintenant entre les mains de : %(to)s.") % {"to": needed(context, "to")},
            _("Vous n'avez rien à refaire. Les dates qui comptent vous attendent sur la page de suivi."),
        ),
        facts=identity(context),
        link=_("Voir ma demande"),
    )


def _requalified(context: Context) -> Said:
    return Said(
        subject=_("Votre demande %(reference)s change de démarche") % context,
        heading=_("Votre demande change de démarche"),
        paragraphs=(
            _("Elle ne correspondait pas à la démarche choisie. Le service la traite sous son vrai nom, ci-dessous."),
            _("Vous n'avez rien à refaire : vos réponses utiles sont gardées. S'il en manque, le service vous écrira."),
        ),
        facts=identity(context),
        closing=_silence(context),
        link=_("Voir ma demande"),
    )


def _reminder(context: Context) -> Said:
    return Said(
        subject=_("Rappel : votre demande %(reference)s attend une action de votre part") % context,
        heading=_("Votre demande vous attend"),
        paragraphs=(
            _("Le service ne peut pas continuer sans vous."),
            _("Ouvrez votre page de suivi : elle dit ce qui est attendu, et jusqu'à quand."),
        ),
        facts=identity(context),
        link=_("Voir ce qui est attendu"),
    )


def _digest(context: Context) -> Said:
    return Said(
        subject=_("Du nouveau pour vos demandes"),
        paragraphs=(
            _("Nous vous avons déjà écrit plusieurs fois en un jour : voici le reste en un seul message."),
            _("Le détail vous attend sur la page de suivi de chaque demande."),
        ),
    )


def entry(item: Context) -> str:
    """How a digest calls a request; by its reference alone when its procedure is discreet."""
    return item["reference"] if item.get("discreet") else f"{item['reference']} – {title(item)}"


def news(item: Context) -> str:
    return ngettext("%(n)d nouvelle", "%(n)d nouvelles", item["count"]) % {"n": item["count"]}


def _leaving_soon(context: Context) -> Said:
    return Said(
        subject=_("Votre demande %(reference)s ne sera bientôt plus visible en ligne") % context,
        heading=_("Votre demande sera bientôt archivée"),
        paragraphs=(
            _("Elle est terminée. À partir du %(date)s, elle ne sera plus visible en ligne.")
            % {"date": day(context, "leaves_on")},
            _("D’ici là, enregistrez ce dont vous avez besoin : la décision, les accusés, vos messages."),
            _("Ensuite, écrivez au service pour consulter votre dossier."),
        ),
        facts=identity(context),
        link=_("Voir ma demande"),
    )


TO_TEAMS = frozenset(team_words.BUILDERS)
BUILDERS: dict[str, Builder] = {
    **team_words.BUILDERS,
    "registration_receipt": _registration_receipt,
    "document_asked": _document_asked,
    "document_received": _document_received,
    "corrections_received": _corrections_received,
    "answers_edited": _answers_edited,
    "status_changed": _status_changed,
    "document_returned": _document_returned,
    "message_received": _message_received,
    "decision": _decision,
    "tracking_link": _tracking_link,
    "draft_link": _draft_link,
    "implicit_decision": _implicit_decision,
    "transmitted": _transmitted,
    **payment_words.BUILDERS,
    **rights_words.BUILDERS,
    "requalified": _requalified,
    "reminder": _reminder,
    "leaving_soon": _leaving_soon,
    "digest": _digest,
}


def register(template: str, builder: Builder) -> None:
    """Give the words of a notice that a room above sends."""
    BUILDERS[template] = builder
