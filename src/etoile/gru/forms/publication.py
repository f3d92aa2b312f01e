"""What is missing before a procedure may be published: the law's list, complete at once, each with the reason to give
and the place where it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from etoile.gru.forms.definition import Definition, Field, Register
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.calculated import CALCULATED, NUMBERS
from etoile.gru.notices import tags

# Places of the designer where a lack is mended: one of these; or `field:`, `page:`, `document:`, `message:` and an
# identifier.
PRESENTATION, LEGAL, REGISTER, ROUTING = "presentation", "legal", "register", "routing"
QUESTIONS, DECLARATIONS, MESSAGES, HUB = "questions", "declarations", "messages", "hub"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to mend, in a sentence; `place` says where, `key` its name in the file of the procedure."""

    words: str
    place: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.words} ({self.key})" if self.key else self.words


def missing(definition: Definition) -> list[Missing]:
    """Everything that keeps the procedure from being published; empty when it may be."""
    return [
        *_presented(definition),
        *(problem for each in definition.every_field() for problem in _field(each)),
        *_secrets(definition),
        *(
            Missing(_("Déclaration « %(name)s » : il manque la finalité.") % {"name": each.label}, DECLARATIONS)
            for each in definition.declarations
            if not each.purpose
        ),
        *_silence(definition),
        *_register(definition.register),
        *_identified(definition),
        *_documents(definition),
        *_messages(definition),
    ]


def _presented(definition: Definition) -> Iterator[Missing]:
    named = (
        (_("Il manque le résumé de la démarche."), PRESENTATION, "summary", definition.summary),
        (_("Il manque qui peut faire la demande."), PRESENTATION, "who", definition.who),
        (_("Il manque le coût, même s’il est nul."), PRESENTATION, "cost", definition.cost),
        (_("Il manque le délai habituel."), PRESENTATION, "delay", definition.delay),
        (_("Il manque la catégorie, qui range la démarche sur le portail."), PRESENTATION, "category",
         definition.category),
        (_("Il manque le public : particuliers, associations ou entreprises."), PRESENTATION, "audience",
         definition.audience),
        (_("Il manque le service chargé de la demande."), ROUTING, "team", definition.team),
        (_("Il manque qui traite la demande : le service, un logiciel, ou les deux."), ROUTING, "treatment",
         definition.treatment),
        (_("Il manque la base légale de la démarche."), LEGAL, "legal", definition.legal),
        (_("Il manque une autre façon de faire la demande, hors ligne : une démarche en ligne ne peut être la seule"
           " voie (Conseil d’État, 3 juin 2022, n° 452798)."), PRESENTATION, "non_digital", definition.non_digital),
    )  # fmt: skip
    yield from (Missing(words, place, key) for words, place, key, value in named if not value)
    if not definition.pages or not definition.fields:
        yield Missing(_("Il manque des questions."), QUESTIONS, "pages")
    for page in definition.pages:
        if not page.fields:
            yield Missing(_("Page « %(name)s » : elle n’a aucune question.") % {"name": page.title}, f"page:{page.id}")


def _field(each: Field) -> Iterator[Missing]:
    said, place = {"name": str(each.label) or each.id}, f"field:{each.id}"
    if not each.label:
        yield Missing(_("Question « %(name)s » : il manque le libellé.") % said, place, "label")
    if each.type == "long_text" and not each.hint:
        words = _(
            "Question « %(name)s » : il manque l’aide d’un texte libre, qui dit ce qu’il est inutile d’y écrire"
            " (RGPD, article 5)."
        )
        yield Missing(words % said, place, "hint")
    for lacking in TYPES[each.type].unfinished(each):
        yield Missing(_("Question « %(name)s » : %(lacking)s.") % {**said, "lacking": lacking}, place)
    if TYPES[each.type].answered and not each.purpose:
        words = _("Question « %(name)s » : il manque la finalité, pourquoi cette donnée est demandée.")
        yield Missing(words % said, place, "purpose")


def _secrets(definition: Definition) -> Iterator[Missing]:
    """What is computed from a sensitive answer and is no number may tell it: it is encrypted too."""
    for each in definition.every_field():
        if each.type != CALCULATED.name or each.sensitive or CALCULATED.result(each) in NUMBERS:
            continue
        read = [definition.field(name) for name in CALCULATED.reads(each)]
        if any(found is not None and found.sensitive for found in read):
            words = _("Question « %(name)s » : calculée avec une réponse sensible, elle doit être déclarée sensible.")
            yield Missing(words % {"name": str(each.label) or each.id}, f"field:{each.id}", "privacy")


def _silence(definition: Definition) -> Iterator[Missing]:
    silence = definition.silence
    if not silence.regime:
        yield Missing(_("Il manque ce que vaut le silence de l’administration."), LEGAL, "silence.regime")
    if silence.regime != "none" and not silence.duration:
        words = _("Il manque la durée au bout de laquelle le silence vaut décision.")
        yield Missing(words, LEGAL, "silence.duration")
    if not silence.basis:
        yield Missing(_("Il manque le texte qui fixe le régime du silence."), LEGAL, "silence.basis")


def _register(register: Register) -> Iterator[Missing]:
    kept = register.retention
    named = (
        (_("Registre des traitements : il manque la finalité du traitement."), "purpose", register.purpose),
        (_("Registre des traitements : il manque la base légale au sens du RGPD."), "basis", register.basis),
        (_("Registre des traitements : il manque le texte qui fonde le traitement."), "basis_reference",
         register.basis_reference),
        (_("Registre des traitements : il manque les personnes concernées."), "persons", register.persons),
        (_("Registre des traitements : il manque les catégories de données."), "data", register.data),
        (_("Registre des traitements : il manque les destinataires."), "recipients", register.recipients),
        (_("Registre des traitements : il manque les mesures de sécurité."), "security", register.security),
        (_("Conservation : il manque la durée en base active."), "retention.active", kept.active),
        (_("Conservation : il manque la durée d’archivage intermédiaire."), "retention.intermediate",
         kept.intermediate),
        (_("Conservation : il manque le texte qui fixe les durées."), "retention.basis", kept.basis),
        (_("Conservation : il manque le sort final des dossiers."), "retention.final_fate", kept.final_fate),
    )  # fmt: skip
    yield from (Missing(words, REGISTER, f"register.{key}") for words, key, value in named if not value)


def _identified(definition: Definition) -> Iterator[Missing]:
    """CRPA R112-9-1: identification of a natural person by name, given name, postal and electronic address."""
    asked = {each.applicant for each in definition.fields}
    named = {
        "family_name": _("Demandeur : aucune question ne demande son nom (article R. 112-9-1 du CRPA)."),
        "given_names": _("Demandeur : aucune question ne demande son prénom (article R. 112-9-1 du CRPA)."),
        "email": _("Demandeur : aucune question ne demande son adresse électronique (article R. 112-9-1 du CRPA)."),
        "address": _("Demandeur : aucune question ne demande son adresse postale (article R. 112-9-1 du CRPA)."),
    }
    yield from (Missing(words, QUESTIONS, f"applicant: {key}") for key, words in named.items() if key not in asked)


def _documents(definition: Definition) -> Iterator[Missing]:
    """A file answers a document of the list, which says whether its absence may suspend the clock (CRPA L114-5-1)."""
    asked = {each.document for each in definition.every_field()}
    for each in definition.every_field():
        if TYPES[each.type].holds_files and not each.document:
            words = _("Question « %(name)s » : il manque la pièce de la liste à laquelle ce fichier répond.")
            yield Missing(words % {"name": str(each.label) or each.id}, f"field:{each.id}", "document")
    for document in definition.documents:
        if document.id not in asked and document.indispensable:
            words = _("Pièce « %(name)s » : elle est indispensable, mais aucune question ne la demande.")
            yield Missing(words % {"name": document.label}, f"document:{document.id}", f"documents[{document.id}]")


def _messages(definition: Definition) -> Iterator[Missing]:
    """The tags of each message are those that its notice has; a message that nobody sends is a mistake."""
    for template, wording in definition.messages.items():
        place, key = f"message:{template}", f"messages.{template}"
        if template not in tags.NOTICES:
            words = _("Message « %(name)s » : aucun message de ce nom n’est envoyé.")
            yield Missing(words % {"name": template}, MESSAGES, key)
            continue
        written = [text for part in (wording.subject, wording.body) for text in part.raw().values()]
        for tag in dict.fromkeys(tag for text in written for tag in tags.unknown_tags(template, text)):
            words = _("Message « %(name)s » : la balise « %(tag)s » n’existe pas pour lui.")
            yield Missing(words % {"name": tags.NAMES[template], "tag": tag}, place, key)


def advice(definition: Definition) -> list[Missing]:
    """What does not prevent publishing and deserves an eye."""
    return [
        *(
            Missing(
                _(
                    "Pièce « %(name)s » : l’administration peut l’obtenir auprès de « %(source)s ». Elle ne se demande"
                    " qu’en secours (articles L. 113-12 et L. 114-8 du CRPA)."
                )
                % {"name": each.label, "source": each.obtainable_from},
                f"document:{each.id}",
            )
            for each in definition.documents
            if each.obtainable_from
        ),
        *(
            Missing(_("Texte « %(name)s » : à vérifier par la collectivité.") % {"name": each.reference}, LEGAL)
            for each in definition.legal
            if each.to_check
        ),
        *(
            Missing(_("Question « %(name)s » : il manque l’anglais.") % {"name": each.label.fr}, f"field:{each.id}")
            for each in definition.every_field()
            if each.label and not each.label.en
        ),
    ]
