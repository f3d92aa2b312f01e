"""What the gallery shows: groups of examples, each a template of `design/gallery/examples/`, shown and run."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Example:
    """One component in use: `slug` names its template, `rule` says when and how to use it."""

    slug: str
    title: Words
    rule: Words


@dataclass(frozen=True, slots=True)
class Group:
    slug: str
    title: Words
    examples: tuple[Example, ...]
    layout: str = "design/gallery/layout.html"


GROUPS = (
    Group(
        "actions",
        _("Boutons et liens"),
        (
            Example(
                "buttons",
                _("Boutons"),
                _(
                    "Une seule action principale par page. Le libellé dit ce qui va se passer : « Envoyer ma"
                    " demande », jamais « Valider » ni « OK »."
                ),
            ),
            Example(
                "links",
                _("Liens"),
                _(
                    "Un lien mène quelque part, un bouton fait quelque chose. Le texte du lien se comprend"
                    " hors de sa phrase."
                ),
            ),
            Example(
                "dialog",
                _("Fenêtre"),
                _(
                    "Pour une question courte qui interrompt. Jamais pour un formulaire. Sans JavaScript, elle"
                    " s’ouvre aussi."
                ),
            ),
        ),
    ),
    Group(
        "champs",
        _("Formulaires"),
        (
            Example(
                "errors",
                _("Résumé des erreurs"),
                _("En haut de la page, avec un lien vers chaque champ. Le titre de la page commence par « Erreur »."),
            ),
            Example(
                "fields",
                _("Champs"),
                _("Une question par champ, son aide au-dessus, la largeur de ce qu’on attend. Pas de texte fantôme."),
            ),
            Example(
                "choices",
                _("Choix"),
                _(
                    "Moins de huit réponses : des boutons. Deux ou trois réponses courtes se mettent côte à"
                    " côte d’elles-mêmes."
                ),
            ),
            Example(
                "searched",
                _("Choisir dans une table"),
                _("Une longue liste se cherche par quelques lettres ; des listes liées se suivent."),
            ),
            Example(
                "lookups",
                _("Information demandée pour la personne"),
                _("Ce qui a été obtenu, ou pourquoi rien ne l’est et quoi faire : on continue toujours."),
            ),
            Example(
                "groups",
                _("Groupes"),
                _("Une date, une adresse : plusieurs champs, une seule question, un seul message d’erreur."),
            ),
            Example(
                "files",
                _("Fichiers"),
                _("Le format et la taille sont dits avant. Pendant l’envoi, une barre dit où il en est."),
            ),
            Example(
                "wrong_fields",
                _("Champs en erreur"),
                _("Le message dit quoi écrire, avec un exemple. Il reste au-dessus du champ."),
            ),
        ),
    ),
    Group(
        "parcours",
        _("Parcours"),
        (
            Example("stepper", _("Étapes d’un formulaire"), _("Le nombre d’étapes est dit dès la première.")),
            Example("track", _("Avancement d’une demande"), _("Trois à cinq étapes, avec les mots de l’usager.")),
            Example(
                "tasks",
                _("Liste de tâches"),
                _("Ce qui reste à faire, chacune avec son état. Toute la ligne est un lien."),
            ),
            Example(
                "summary",
                _("Récapitulatif"),
                _("Avant d’envoyer, tout ce qui a été répondu, avec un lien pour corriger."),
            ),
            Example(
                "breadcrumb",
                _("Fil d’Ariane"),
                _("Ce qui contient la page, puis la page. Rien sur une page qui n’est dans aucune autre."),
            ),
            Example(
                "moment",
                _("Date et heure"),
                _("Comme on le dit. La date complète est dans l’infobulle et pour les machines."),
            ),
            Example("timeline", _("Historique"), _("Ce qui s’est passé, daté ; ce qui est prévu est en pointillé.")),
            Example("thread", _("Messages"), _("Les messages de la personne à droite, ceux du service à gauche.")),
        ),
    ),
    Group(
        "listes",
        _("Listes"),
        (
            Example("cards", _("Cartes"), _("Une carte est un seul lien. Au plus trois par ligne.")),
            Example("filters", _("Filtres"), _("Rien ne part avant le bouton. Les filtres restent dans l’adresse.")),
            Example("chips", _("Filtres en un clic"), _("Des adresses, celle du moment est marquée.")),
            Example("tabs", _("Onglets"), _("Des parties d’une même chose. Le nombre dit ce qu’on va trouver.")),
            Example(
                "table",
                _("Tableau"),
                _("Un titre, des en-têtes, les nombres à droite. Sur un téléphone, chaque ligne devient une carte."),
            ),
            Example("results", _("Nombre de résultats"), _("Sous les filtres, dit aussi aux lecteurs d’écran.")),
            Example("pagination", _("Pages d’une liste"), _("Jamais de défilement sans fin.")),
            Example(
                "calendar",
                _("Calendrier"),
                _("Les jours libres sont des liens ; un jour complet le dit aussi aux lecteurs d’écran."),
            ),
        ),
    ),
    Group(
        "messages",
        _("Messages et attente"),
        (
            Example("banners", _("Bandeaux"), _("Ce qui vient d’arriver, et ce qui se passe ensuite.")),
            Example(
                "toast",
                _("Annonce"),
                _("Dans un coin, pour ce qui n’interrompt pas. Elle ne disparaît pas seule avant d’avoir été lue."),
            ),
            Example("badges", _("États"), _("Des mots, une forme et une couleur : jamais la couleur seule.")),
            Example("empty", _("Rien à montrer"), _("Un dessin, une phrase, une suite possible.")),
            Example("progress", _("Avancement d’un travail"), _("Au-delà de quelques secondes.")),
            Example("skeleton", _("En attente de contenu"), _("Pour un morceau de page qui arrive ensuite.")),
            Example("explanation", _("Explications"), _("Une aide dans un formulaire ; un détail qu’on déplie.")),
        ),
    ),
    Group(
        "dessins",
        _("Graphiques et dessins"),
        (
            Example("chart", _("Graphique"), _("Toujours avec le tableau qui dit la même chose.")),
            Example("star", _("Étoile"), _("Les applications autour du hub. Sur un téléphone, une liste la remplace.")),
            Example("icons", _("Icônes"), _("Toujours à côté de mots. Dessinées pour Étoile, sous la même licence.")),
            Example(
                "illustrations",
                _("Illustrations"),
                _("Pour accueillir, rassurer, conclure. Elles prennent les couleurs de la ville, le jour et la nuit."),
            ),
        ),
    ),
    Group(
        "agents",
        _("Pages des agents"),
        (
            Example("tiles", _("Chiffres"), _("Trois ou quatre au plus, chacun mène à ce qu’il compte.")),
            Example("needs", _("Ce qui demande une personne"), _("En premier sur la page, avec ce qu’il faut faire.")),
            Example("panel", _("Panneau"), _("Un sujet par panneau ; les repères en grille.")),
            Example("bench_filters", _("Liste avec ses filtres"), _("Dense, mais lisible : une ligne, un lien.")),
            Example("files_list", _("Pièces"), _("Le nom est le lien, la taille est dite.")),
            Example("decide", _("Décision"), _("Ce qui engage se déplie, à côté de ce qui le justifie.")),
        ),
        "design/gallery/bench.html",
    ),
)
