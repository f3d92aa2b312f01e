"""What is said to the team in charge: without a link, since the one of a request is the person's own key.

Whoever is asked for an opinion is told here too, with a link of their own."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from etoile.gru.notices.said import Builder, Context, Said, day, identity, moment, of_request


def _answer_near(context: Context) -> Said:
    return Said(
        subject=_("Réponse attendue bientôt : demande %(reference)s") % context,
        heading=_("Une réponse est attendue bientôt"),
        paragraphs=(
            _("La personne doit recevoir une première réponse avant le %(due)s.") % {"due": moment(context, "due_at")},
            _("Ouvrez l’espace des agents, cherchez la référence, puis écrivez-lui ou décidez."),
        ),
        facts=identity(context),
    )


def _answer_late(context: Context) -> Said:
    return Said(
        subject=_("Réponse en retard : demande %(reference)s") % context,
        heading=_("Une réponse est en retard"),
        paragraphs=(
            _("La personne devait recevoir une première réponse avant le %(due)s.")
            % {"due": moment(context, "due_at")},
            _("Répondez-lui dès maintenant depuis l’espace des agents. Elle peut saisir le Défenseur des droits."),
        ),
        facts=identity(context),
    )


def _silence_near(context: Context) -> Said:
    last = {"day": day(context, "day")}
    if context["regime"] == "accept":
        effect = _("Après le %(day)s, votre silence vaudra accord.") % last
    else:
        effect = _("Après le %(day)s, votre silence vaudra refus.") % last
    return Said(
        subject=_("Décision par silence bientôt : demande %(reference)s") % context,
        heading=_("Votre silence va décider"),
        paragraphs=(
            effect,
            _("Ouvrez l’espace des agents, cherchez la référence, puis décidez ou demandez les pièces qui manquent."),
        ),
        facts=identity(context),
    )


def _case_waiting(context: Context) -> Said:
    return Said(
        subject=_("Une demande attend depuis longtemps : %(reference)s") % context,
        heading=_("Une demande attend"),
        paragraphs=(_("Ouvrez l’espace des agents, cherchez la référence, puis faites avancer la demande."),),
        facts=identity(context),
    )


def _case_escalated(context: Context) -> Said:
    return Said(
        subject=_("Une demande vous est confiée : %(reference)s") % context,
        heading=_("Une demande vous est confiée"),
        paragraphs=(
            _("Elle attendait depuis trop longtemps. Votre service la reprend : %(service)s.") % context,
            _("Ouvrez l’espace des agents, cherchez la référence, puis prenez-la en charge."),
        ),
        facts=identity(context),
    )


def _case_reopened(context: Context) -> Said:
    return Said(
        subject=_("Une demande est reprise : %(reference)s") % context,
        heading=_("Une demande est reprise"),
        paragraphs=(
            _("La personne l’avait retirée, ou elle était classée. Elle la reprend et dit pourquoi."),
            _("Ouvrez l’espace des agents, cherchez la référence, puis faites avancer la demande."),
        ),
        facts=identity(context),
    )


def _notice_returned(context: Context) -> Said:
    return Said(
        subject=_("Un courriel n’est pas arrivé : demande %(reference)s") % context,
        heading=_("La personne n’a pas reçu un courriel"),
        paragraphs=(
            _("Le mandat de qui a fait cette demande est terminé, et nous n’avons pas l’adresse de la personne.")
            if context.get("unsent")
            else _("Son adresse a refusé notre message."),
            _("Ouvrez la demande : corrigez l’adresse, ou prévenez la personne par courrier ou par téléphone."),
        ),
        facts=identity(context),
    )


def _opinion_asked(context: Context) -> Said:
    return of_request(
        context,
        _("Votre avis est demandé"),
        _("%(authority)s vous demande un avis sur une demande qui lui a été faite.") % context,
        _("Vous avez jusqu’au %(day)s. La page ci-dessous s’ouvre sans compte et dit ce qui est demandé.")
        % {"day": day(context, "deadline")},
        link=_("Lire et donner mon avis"),
    )


def _opinion_reminder(context: Context) -> Said:
    return Said(
        subject=_("Rappel : votre avis est attendu, demande %(reference)s") % context,
        heading=_("Votre avis est attendu"),
        paragraphs=(
            _("%(authority)s attend votre avis avant le %(day)s.") % {**context, "day": day(context, "deadline")},
            _("Vous ne pouvez pas vous prononcer ? Dites-le aussi sur cette page : « Sans avis »."),
        ),
        facts=identity(context),
        link=_("Lire et donner mon avis"),
    )


def _opinion_given(context: Context) -> Said:
    return of_request(
        context,
        _("Un avis est rendu"),
        _("Ouvrez l’espace des agents, cherchez la référence, puis lisez l’avis."),
    )


def _rights_asked(context: Context) -> Said:
    due = {"due": day(context, "deadline")}
    return Said(
        subject=_("Demande sur des données personnelles : réponse avant le %(due)s") % due,
        heading=_("Une personne exerce ses droits sur ses données"),
        paragraphs=(_("Ouvrez l’espace des agents, puis « Données personnelles »."),),
        facts=identity(context),
    )


BUILDERS: Mapping[str, Builder] = {
    "rights_asked": _rights_asked,
    "answer_near": _answer_near,
    "answer_late": _answer_late,
    "silence_near": _silence_near,
    "case_waiting": _case_waiting,
    "case_escalated": _case_escalated,
    "case_reopened": _case_reopened,
    "notice_returned": _notice_returned,
    "opinion_asked": _opinion_asked,
    "opinion_reminder": _opinion_reminder,
    "opinion_given": _opinion_given,
}
