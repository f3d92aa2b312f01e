"""What agents keep beside the cases of the town at work: notes, labels, an eye on one, an answer, a duplicate."""

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, services
from etoile.gru.cases.lists import saving
from etoile.gru.cases.models import Case
from etoile.gru.desk import duplicates, labels, notes, relations, replies, watching
from etoile.gru.desk.models import Pair, Reply
from tests.browser.gru import matching

WORDS = "Bonjour {{ person }},\n\nVotre demande {{ reference }} est entre nos mains."


def build(agent: Account, *, busy: Case, watched: Case, double: Case) -> dict[str, str]:
    """`busy` has everything; somebody wrote on `watched`; `double` is closed for `busy`."""
    note = notes.write(busy, agent, "La boulangerie confirme par téléphone : le trou est devant son entrée.")
    known = [labels.create(agent.authority, name).pk for name in ("À rappeler", "Voirie d’hiver")]
    labels.put(busy, agent, known)
    kept = saving.keep(agent, "Ce que je dois rappeler", "onglet=toutes")
    watching.watch(watched, agent)
    services.post_message(watched.pk, actors.person("Camille Martin"), "Avez-vous reçu ma photographie ?")
    relations.pair(busy, watched, agent, Pair.Kind.LINKED, "Le même chantier")
    duplicates.mark(double.pk, agent, busy)
    reply = replies.save(Reply(team=busy.team, name="Demande reçue", body=WORDS), agent)
    places = {"reply": reply.pk, "double": double.pk, "note": note.pk, "label": known[0], "kept_list": kept.pk}
    return {name: str(value) for name, value in places.items()} | matching.build(agent)
