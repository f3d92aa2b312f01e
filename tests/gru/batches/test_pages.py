"""What an agent sees of a work on many cases: counted before, followed while it is done, reported after."""

from django.urls import reverse
from tests.gru.conftest import log_in, make_agent, make_town

from etoile.gru.access.models import Membership, Role
from etoile.gru.audit.models import Entry
from etoile.gru.batches import running, services
from etoile.gru.batches.models import Batch, Item, Kind, State
from etoile.gru.cases.models import Case


def page(client, name, *args, **asked):
    return client.get(reverse(f"backoffice:{name}", args=args), asked)


def words(answer):
    return answer.content.decode()


def act(client, name, *args, **given):
    return client.post(reverse(f"backoffice:{name}", args=args), given)


def test_cases_are_counted_then_treated_and_those_refused_are_told(client, town, manager):
    chosen = [town.submit().pk for _ in range(2)]
    foreign = make_town("21490998800012", "autre").submit()
    assert "Agir sur les demandes cochées" in words(page(client, "inbox"))
    before = words(page(client, "together", demande=[*chosen, foreign.pk, "rien"], query="onglet=a-traiter"))
    assert "2 demandes" in before
    assert f'value="{chosen[1]},{chosen[0]}"' in before
    listed = ",".join(map(str, chosen))
    refused = act(client, "together", cases=listed, kind="message", body=" ")
    assert (refused.status_code, "Écrivez le message à envoyer." in words(refused)) == (422, True)
    asked = act(client, "together", cases=listed, kind="take", query="onglet=a-traiter")
    batch = Batch.objects.get()
    assert asked["Location"] == reverse("backoffice:batch", args=[batch.pk])
    assert "0 sur 2 demandes" not in words(page(client, "batch", batch.pk))
    Case.objects.filter(pk=chosen[0]).update(state="closed")
    running.act(batch.pk, lambda: False)
    report = words(page(client, "batch", batch.pk))
    assert "Fait sur 1 demande." in report
    assert "1 demande n’a pas changé" in report
    assert "la demande est classée" in report
    assert "Prendre en charge" in words(page(client, "batches"))


def test_a_whole_list_is_counted_to_five_hundred_and_no_more(client, town, manager, monkeypatch):
    for _ in range(3):
        town.submit()
    assert "3 demandes" in words(page(client, "together", tout="1", query="onglet=a-prendre"))
    monkeypatch.setattr(services, "MOST", 2)
    told = client.get(reverse("backoffice:together"), {"tout": "1", "query": "onglet=a-prendre"}, follow=True)
    assert "Ajoutez un critère" in words(told)
    assert "Aucune demande" in words(client.get(reverse("backoffice:together"), follow=True))


def test_a_list_becomes_a_file_for_its_author_alone_and_the_audit_log_says_who_took_it(client, town, manager):
    town.submit()
    act(client, "export", query="onglet=toutes", format="csv")
    batch = Batch.objects.get()
    assert page(client, "batch-file", batch.pk).status_code == 404
    running.export(batch.pk, lambda: False)
    ready = words(page(client, "batch", batch.pk))
    assert "Le fichier est prêt" in ready
    taken = page(client, "batch-file", batch.pk)
    assert taken["Content-Disposition"].startswith("attachment")
    assert b"".join(taken.streaming_content).startswith("\ufeffRéférence;".encode())
    batch.refresh_from_db()
    assert batch.fetched == 1
    noted = Entry.objects.filter(action__startswith="export.").order_by("pk")
    assert [(each.action, each.actor, each.detail["list"], each.detail.get("sha256")) for each in noted] == [
        ("export.asked", "Nadia Leroy", "onglet=toutes", None),
        ("export.written", "Nadia Leroy", "onglet=toutes", batch.sha256),
        ("export.fetched", "Nadia Leroy", "onglet=toutes", batch.sha256),
    ]
    other = make_agent(town.authority, town.team, "autre@valmont.example")
    Membership.objects.filter(account=other).update(role=Role.MANAGER)
    log_in(client, other)
    for name in ("batch", "batch-file"):
        assert page(client, name, batch.pk).status_code == 404
    for name in ("batch-stop", "batch-resume"):
        assert act(client, name, batch.pk).status_code == 404
    assert "Choisissez le format" in words(client.post(reverse("backoffice:export"), {"format": "doc"}, follow=True))


def test_a_work_is_stopped_and_taken_up_by_its_buttons(client, town, manager):
    batch = services.ask(manager, Kind.TAKE, [town.submit().pk], {})
    assert "Arrêter" in words(page(client, "batch", batch.pk))
    act(client, "batch-stop", batch.pk)
    assert "Vous avez arrêté" in words(page(client, "batch", batch.pk))
    act(client, "batch-resume", batch.pk)
    assert Batch.objects.get().state == State.WAITING
    assert Item.objects.get().state == Item.State.WAITING


def test_whoever_may_only_read_is_offered_nothing(client, town):
    Membership.objects.filter(account=town.agent).update(role=Role.READER)
    log_in(client, town.agent)
    town.submit()
    shown = words(page(client, "inbox", onglet="toutes"))
    assert "Agir sur" not in shown
    assert "Exporter" not in shown
    assert 'type="checkbox" name="demande"' not in shown
    assert page(client, "together").status_code == 403
    assert act(client, "export", format="csv").status_code == 403
