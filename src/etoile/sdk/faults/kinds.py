"""The kinds of fault, and what each one means: the same words whatever the protocol, each showing those it can."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`name`: what is written in an order; `french` and `english`: one sentence each. `writes`: it only makes sense on
    a request that writes, so a reading passing by does not use it up."""

    name: str
    french: str
    english: str
    writes: bool = False


NETWORK = (
    Kind(
        "down",
        "L’application coupe la connexion sans répondre.",
        "The application cuts the connection without an answer.",
    ),
    Kind(
        "time_out",
        "L’application garde la connexion ouverte et ne répond jamais.",
        "The application keeps the connection open and never answers.",
    ),
    Kind(
        "slow",
        "L’application répond comme il faut, mais très tard.",
        "The application answers as it should, but very late.",
    ),
    Kind(
        "write_then_fail",
        "L’application enregistre, puis sa réponse se perd.",
        "The application writes, then its answer is lost.",
        writes=True,
    ),
)
REFUSALS = (
    Kind(
        "unauthorized",
        "L’application n’admet plus les identifiants : ils ont expiré (401).",
        "The application no longer accepts the credentials: they have expired (401).",
    ),
    Kind(
        "forbidden",
        "L’application reconnaît l’appelant et lui refuse l’accès (403).",
        "The application knows the caller and refuses access (403).",
    ),
    Kind(
        "not_found",
        "L’application ne connaît pas cette adresse (404).",
        "The application does not know this address (404).",
    ),
    Kind(
        "conflict",
        "L’application dit qu’elle traite déjà cet objet (409).",
        "The application says that it already handles this object (409).",
    ),
    Kind(
        "gone",
        "L’application ne veut plus rien recevoir à cette adresse (410).",
        "The application wants nothing more at this address (410).",
    ),
    Kind(
        "refuse",
        "L’application refuse le contenu de la demande (422).",
        "The application refuses what the request contains (422).",
        writes=True,
    ),
    Kind(
        "too_many",
        "L’application demande d’attendre : trop de demandes (429).",
        "The application asks to wait: too many requests (429).",
    ),
    Kind(
        "error",
        "L’application échoue (500).",
        "The application fails (500).",
    ),
    Kind(
        "unavailable",
        "L’application se dit indisponible (503).",
        "The application says that it is unavailable (503).",
    ),
)
ANSWERS = (
    Kind(
        "redirect",
        "L’application renvoie vers une autre adresse (302).",
        "The application sends the caller to another address (302).",
    ),
    Kind(
        "html",
        "Un pare-feu répond à sa place, par une page HTML dite réussie.",
        "A firewall answers in its place, with an HTML page called a success.",
    ),
    Kind(
        "truncated",
        "L’application traite la demande, et sa réponse s’arrête au milieu.",
        "The application handles the request, and its answer stops halfway.",
    ),
    Kind(
        "wrong_charset",
        "L’application annonce de l’UTF-8 et envoie du latin-1.",
        "The application announces UTF-8 and sends latin-1.",
    ),
    Kind(
        "renamed",
        "Un champ de la réponse n’a plus le nom qu’il avait hier.",
        "A field of the answer no longer has the name it had yesterday.",
    ),
    Kind(
        "duplicate",
        "L’application traite deux fois la même demande, et l’enregistre deux fois si rien ne l’en garde.",
        "The application handles the same request twice, and records it twice unless something keeps it from that.",
        writes=True,
    ),
)
NEWS = (
    Kind(
        "lost_notification",
        "L’application enregistre un changement d’état et n’en dit jamais rien.",
        "The application records a change of status and never tells it.",
    ),
    Kind(
        "out_of_order",
        "L’application raconte ses changements d’état dans le désordre.",
        "The application tells its changes of status in the wrong order.",
    ),
)
FILES = (
    Kind(
        "disk_full",
        "Le disque du serveur est plein.",
        "The server’s disk is full.",
    ),
    Kind(
        "cut_while_writing",
        "La connexion est coupée au milieu de l’envoi : la moitié du fichier est écrite.",
        "The connection is cut in the middle of the sending: half of the file is written.",
    ),
    Kind(
        "rename_refused",
        "Le serveur refuse de renommer un fichier.",
        "The server refuses to rename a file.",
    ),
    Kind(
        "shortened",
        "Le serveur garde moins d’octets qu’il n’en a reçu, sans le dire.",
        "The server keeps fewer bytes than it was sent, and does not say so.",
    ),
    Kind(
        "other_host_key",
        "Le serveur présente une autre clé que celle qui est attendue.",
        "The server shows another key than the one expected.",
    ),
    Kind(
        "weak_algorithms",
        "Le serveur ne propose que des algorithmes trop anciens.",
        "The server offers only algorithms that are too old.",
    ),
)
MARKUP = (
    Kind(
        "latin1",
        "L’application répond en latin-1, et le dit.",
        "The application answers in latin-1, and says so.",
    ),
    Kind(
        "with_parts",
        "L’application répond en plusieurs parties (MTOM) alors que rien ne l’y oblige.",
        "The application answers in several parts (MTOM) though nothing asks for it.",
    ),
    Kind(
        "empty_envelope",
        "L’application répond par une enveloppe vide.",
        "The application answers with an empty envelope.",
    ),
    Kind(
        "bomb",
        "La réponse contient des entités qui se multiplient en mémoire.",
        "The answer holds entities that multiply in memory.",
    ),
    Kind(
        "external_entity",
        "La réponse demande au lecteur d’ouvrir un fichier de sa propre machine.",
        "The answer asks its reader to open a file of the reader’s own machine.",
    ),
)

VOCABULARY: dict[str, Kind] = {kind.name: kind for kind in (*NETWORK, *REFUSALS, *ANSWERS, *NEWS, *FILES, *MARKUP)}
KINDS = frozenset(VOCABULARY)

# The HTTP status by which a refusal is told, there and wherever statuses are HTTP's (WebDAV, SOAP).
STATUSES: dict[str, int] = {
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "gone": 410,
    "refuse": 422,
    "too_many": 429,
    "error": 500,
    "unavailable": 503,
}
# What any system over HTTP can show without being asked; and what only one that tells statuses can.
HTTP = frozenset(kind.name for kind in (*NETWORK, *REFUSALS, *ANSWERS))
TELLING = frozenset(kind.name for kind in NEWS)
