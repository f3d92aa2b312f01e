"""Advice on the words of a procedure, given while one writes: it never prevents anything."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from etoile.design.plain_words import CITIZENS, VAGUE, jargon, too_long
from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.texts import Text

# Labels that leave the person guessing what to answer.
VAGUE_LABELS = VAGUE | {
    "autre",
    "autres",
    "divers",
    "information",
    "informations",
    "précisions",
    "champ",
    "texte",
    "réponse",
    "question",
}


def hints(definition: Definition) -> dict[str, list[str]]:
    """Sentences by anchor of the outline (`field-…`, `section-…`, `page-…`), in the order of the form."""
    found: dict[str, list[str]] = defaultdict(list)
    for anchor, words in _all(definition):
        found[anchor].append(words)
    return dict(found)


def _all(definition: Definition) -> Iterator[tuple[str, str]]:
    for page in definition.pages:
        yield from ((f"page-{page.id}", each) for each in _text(page.title))
        for section in page.sections:
            said = [*_text(section.title), *_text(section.explanation)]
            yield from ((f"section-{section.id}", each) for each in said)
            for field in section.fields:
                for each in (field, *field.fields):
                    yield from ((f"field-{each.id}", words) for words in _field(each))
    for document in definition.documents:
        yield from ((f"document-{document.id}", each) for each in (*_text(document.label), *_text(document.hint)))
    for declaration in definition.declarations:
        yield from ((f"declaration-{declaration.id}", each) for each in _text(declaration.label))


def _field(each: Field) -> Iterator[str]:
    if not each.label:
        yield _("Écrivez la question : sans elle, personne ne sait quoi répondre.")
    elif each.label.fr.strip(" .…:?").lower() in VAGUE_LABELS:
        yield _("« %(label)s » ne dit pas ce qu’il faut répondre. Exemple : « Nom de votre association ».") % {
            "label": each.label.fr
        }
    elif each.label.fr.isupper() and len(each.label.fr) > 4:
        yield _("Tout en capitales se lit mal : écrivez la question en minuscules.")
    yield from _text(each.label)
    yield from _text(each.hint)
    for option in each.options:
        yield from _text(option.label)
    if TYPES[each.type].answered and not each.purpose:
        yield _("Dites pourquoi cette question est posée : la loi l’exige avant la publication.")


def _text(text: Text) -> Iterator[str]:
    words = text.fr
    for each in too_long(words, CITIZENS):
        begin = " ".join(each.split()[:6])
        yield _("Phrase longue, coupez-la en deux : « %(begin)s… »") % {"begin": begin}
    for each in jargon(words):
        word, _arrow, better = each.partition(" → ")
        yield _("« %(word)s » : dites plutôt %(better)s.") % {"word": word, "better": better}
    if "!" in words:
        yield _("Un point d’exclamation fait crier la phrase : enlevez-le.")
