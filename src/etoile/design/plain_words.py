"""Plain French: the words to avoid and what to say instead, the length of a sentence, buttons that say nothing.

The tests hold our own screens to it; the designer of procedures gives it as advice while an agent writes.
"""

import re

# How many words a sentence may have: for those who live in the town, for those who work there.
CITIZENS, AGENTS = 25, 32

# A word of the administration or of the trade -> what people say.
JARGON = {
    r"cliqu\w+": "choisissez, ouvrez (on ne clique pas au clavier)",
    r"soumett\w+": "envoyez",
    r"valid(?:er|ez|ation)": "dites l’action",
    r"authentifi\w+": "connexion, se connecter",
    r"(?:saisie|saisissez|saisir (?:votre|vos|un|une|le|la|les) (?!Défenseur))": "écrivez",
    r"renseign(?:er|ez|é\w*)": "écrivez, répondez",
    r"instruction|instruire": "examen, examiner",
    r"téléservice\w*|télé-?procédure\w*": "démarche en ligne",
    r"dématérialis\w+": "en ligne",
    r"veuillez|merci de": "l’impératif simple",
    r"afin (?:de|que)": "pour",
    r"au sein d\w*": "dans",
    r"ci-joint\w*|susmentionn\w*|ledit|ladite|susdit\w*|nonobstant|en vertu d\w*": "(à supprimer)",
    r"requérant\w*|pétitionnaire\w*|administrés?": "vous, la personne",
    r"effectu\w+|procéd(?:er|ez)": "faire",
    r"e-?mails?|mails?": "courriel",
    r"login|token|template|timeout|bugs?|upload\w*|batch|back-?office|payload|endpoint|webhook": "(du français)",
    r"obligatoires? \*|champs? obligatoires?": "question obligatoire",
    r"usagers?": "vous, la personne",
    r"transmettre|transmettez": "envoyer, donner",
}
VAGUE = {
    "ok", "valider", "soumettre", "confirmer", "ici", "aller", "suite", "suivant", "lire la suite", "en savoir plus",
    "cliquez ici", "oui", "non", "submit", "go", "click here", "here", "read more", "more",
}  # fmt: skip


def spoken(msgid: str) -> str:
    """Without tags nor the names of what is put in."""
    return re.sub(r"%\(\w+\)\w|<[^>]+>|%%", " … ", msgid)


def words(text: str) -> int:
    return len(re.findall(r"[\wÀ-ÿ]+(?:[’'-][\wÀ-ÿ]+)*|…", text))


def too_long(text: str, most: int) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!:;])\s+|\n", spoken(text)) if words(part) > most]


def jargon(text: str) -> list[str]:
    return [
        f"{found[0]} → {better}"
        for pattern, better in JARGON.items()
        if (found := re.search(rf"(?<![\w@%(/.])(?:{pattern})(?![\w@])", spoken(text), re.IGNORECASE))
    ]
