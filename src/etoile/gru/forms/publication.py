"""What is missing before a procedure may be published: the law's list, complete at once, each with the reason to
give."""

from collections.abc import Iterator

from etoile.gru.forms.definition import Definition, Field, Register
from etoile.gru.forms.fields import TYPES

# CRPA R112-9-1: identification of a natural person by name, given name, postal and electronic address.
IDENTIFICATION = {
    "family_name": "le nom du demandeur",
    "given_names": "le prénom du demandeur",
    "email": "l'adresse électronique du demandeur",
    "address": "l'adresse postale du demandeur",
}


def missing(definition: Definition) -> list[str]:
    """In French, one sentence per thing; empty when the procedure may be published."""
    return [
        *_presented(definition),
        *(problem for each in definition.every_field() for problem in _field(each)),
        *(f"déclaration « {each.id} » : il manque la finalité" for each in definition.declarations if not each.purpose),
        *_silence(definition),
        *_register(definition.register),
        *_identified(definition),
        *_documents(definition),
    ]


def _presented(definition: Definition) -> Iterator[str]:
    named = {
        "le résumé (summary)": definition.summary,
        "qui peut faire la demande (who)": definition.who,
        "le coût (cost)": definition.cost,
        "le délai habituel (delay)": definition.delay,
        "la catégorie (category)": definition.category,
        "le public (audience)": definition.audience,
        "le service chargé de la demande (team)": definition.team,
        "le traitement (treatment)": definition.treatment,
        "la base légale de la démarche (legal)": definition.legal,
        "une autre façon de faire la demande, hors ligne (non_digital) : le téléservice ne peut être la seule voie"
        " (CE, 3 juin 2022, n° 452798)": definition.non_digital,
    }
    yield from (f"il manque {words}" for words, value in named.items() if not value)
    if not definition.pages or not definition.fields:
        yield "il manque des questions (pages)"
    for page in definition.pages:
        if not page.fields:
            yield f"page « {page.id} » : il n'y a aucune question"


def _field(each: Field) -> Iterator[str]:
    if not each.label:
        yield f"champ « {each.id} » : il manque le libellé (label)"
    if each.type == "long_text" and not each.hint:
        yield (
            f"champ « {each.id} » : il manque l'aide (hint) d'un texte libre, qui dit ce qu'il est inutile d'y écrire"
            " (minimisation, RGPD article 5)"
        )
    for lacking in TYPES[each.type].unfinished(each):
        yield f"champ « {each.id} » : {lacking}"
    if TYPES[each.type].answered and not each.purpose:
        yield f"champ « {each.id} » : il manque la finalité (purpose) : pourquoi cette donnée est demandée"


def _silence(definition: Definition) -> Iterator[str]:
    silence = definition.silence
    if not silence.regime:
        yield "il manque ce que vaut le silence de l'administration (silence.regime)"
    if silence.regime != "none" and not silence.duration:
        yield "il manque la durée au bout de laquelle le silence vaut décision (silence.duration)"
    if not silence.basis:
        yield "il manque le texte qui fixe le régime du silence (silence.basis)"


def _register(register: Register) -> Iterator[str]:
    named = {
        "la finalité du traitement (register.purpose)": register.purpose,
        "la base légale au sens du RGPD (register.basis)": register.basis,
        "le texte qui fonde le traitement (register.basis_reference)": register.basis_reference,
        "les personnes concernées (register.persons)": register.persons,
        "les catégories de données (register.data)": register.data,
        "les destinataires (register.recipients)": register.recipients,
        "les mesures de sécurité (register.security)": register.security,
        "la durée de conservation en base active (register.retention.active)": register.retention.active,
        "la durée d'archivage intermédiaire (register.retention.intermediate)": register.retention.intermediate,
        "la référence des durées (register.retention.basis)": register.retention.basis,
        "le sort final (register.retention.final_fate)": register.retention.final_fate,
    }
    yield from (f"registre des traitements : il manque {words}" for words, value in named.items() if not value)


def _identified(definition: Definition) -> Iterator[str]:
    given = {each.applicant for each in definition.fields}
    yield from (
        f"demandeur : il manque {words} (article R. 112-9-1 du CRPA)"
        for key, words in IDENTIFICATION.items()
        if key not in given
    )


def _documents(definition: Definition) -> Iterator[str]:
    """A file answers a document of the list, which says whether its absence may suspend the clock (CRPA L114-5-1)."""
    asked = {each.document for each in definition.every_field()}
    for each in definition.every_field():
        if each.type == "file" and not each.document:
            yield f"champ « {each.id} » : il manque la pièce de la liste « documents » à laquelle ce fichier répond"
    for document in definition.documents:
        if document.id not in asked and document.indispensable:
            yield f"pièce « {document.id} » : indispensable, mais aucun champ ne la demande"


def advice(definition: Definition) -> list[str]:
    """What does not prevent publishing and deserves an eye, in French."""
    return [
        *(
            f"pièce « {each.id} » : l'administration peut l'obtenir auprès de « {each.obtainable_from} » ; elle ne se"
            " demande qu'en secours (articles L. 113-12 et L. 114-8 du CRPA)"
            for each in definition.documents
            if each.obtainable_from
        ),
        *(f"texte « {each.reference} » : à vérifier par la collectivité" for each in definition.legal if each.to_check),
        *(
            f"champ « {each.id} » : il manque l'anglais"
            for each in definition.fields
            if each.label and not each.label.en
        ),
    ]
