"""Whether two records are one is asked of the person: who proves both is believed, and sees nothing before."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.gru.conftest import log_in, text
from tests.gru.matching.conftest import CAMILLE, suspected
from tests.gru.portal.space import EMAIL, OTHER, PHRASE, entrance, opened, signed_in
from tests.gru.portal.space import asked as code_for
from tests.gru.portal.test_space_keys import IN, OverTls, added, shown, within

from etoile.gru.accounts.models import How, Link, OwnRequest, PersonAccount, PersonSession
from etoile.gru.accounts.services import keep
from etoile.gru.audit.models import Entry
from etoile.gru.cases.models import Case
from etoile.gru.matching import asking, deciding, locking, merging
from etoile.gru.matching.errors import MatchingError
from etoile.gru.matching.models import Asking, Merge
from etoile.gru.notices import links
from etoile.gru.notices.models import Notice
from etoile.gru.passkeys.models import Passkey
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.gru.people.services import record_attribute
from etoile.gru.recognition.models import CivilIdentity

pytestmark = pytest.mark.django_db
SECOND = "camille@autre.example"


def write(person, level, **values):
    with scope.of_task("test"):
        for key, value in values.items():
            record_attribute(person, key, value, level=level, source="essai")


def account_of(town, email):
    """With a case of theirs, and what an account may hold."""
    with scope.of_task("test"):
        account = PersonAccount.objects.select_related("person").get(email=email)
    write(account.person, Level.DECLARED, family_name="Martin", given_names="Camille")
    case = town.submit(applicant={**CAMILLE, "email": email}, person=account.person_id)
    keep(account, case.pk, How.STARTED)
    return account, case


@pytest.fixture
def two(town):
    """The browser of the first account, both accounts, and the case of each. Their names alone are the same."""
    cache.clear()
    browser = opened()
    opened(SECOND, OTHER)
    (first, case), (second, other) = account_of(town, EMAIL), account_of(town, SECOND)
    write(first.person, Level.OFFICIAL_PROOF_SEEN, family_name="Martin", given_names="Camille")
    return browser, first, second, case, other


def ask(town):
    (found, *_rest) = suspected()
    locking.take(found.pk, town.agent)
    return asking.ask(found.pk, town.agent)


def link_to(email):
    sent = Notice.objects.filter(template="records_asked", recipient_email=email).latest("created_at")
    return "/" + links.address(sent).split("/", 3)[3]


def digest_of(browser):
    return hashlib.sha256(browser.cookies["espace"].value.encode()).digest()


def held():
    """All that hangs on accounts, but sessions."""
    return {
        "accounts": set(PersonAccount.objects.values_list("pk", "person", "joined_to", "email", "passphrase")),
        "links": set(Link.objects.values_list("pk", "account")),
        "requests": set(OwnRequest.objects.values_list("account", "case_id", "how", "since")),
        "keys": set(Passkey.objects.values_list("pk", "holder")),
        "civil": {(each.account_id, bytes(each.digest)) for each in CivilIdentity.objects.all()},
        "cases": set(Case.objects.values_list("pk", "person", "version")),
    }


def test_nothing_is_shown_but_to_who_holds_both_and_what_they_confirm_is_undone_whole(town, two):
    browser, first, second, case, other = two
    now = timezone.now()
    Link.objects.create(account=second, authority=town.authority, platform="fc", subject="x", linked_at=now)
    CivilIdentity.objects.create(account=second, authority=town.authority, digest=b"d" * 32, certified_at=now)
    key = added(within(SECOND, OTHER), phrase=OTHER)
    keep(first, other.pk, How.LINK)
    stranger = opened("quelquun@exemple.fr")
    before = held()
    ask(town)
    assert Entry.objects.filter(action="person.asked").count() == 2
    said = [str(each) for each in Notice.objects.filter(template="records_asked").values_list("context", flat=True)]
    assert len(said) == 2 and not any("Martin" in each or link_to(SECOND)[-44:-1] in each for each in said)

    for who, link in ((browser, link_to(EMAIL)), (stranger, link_to(SECOND)), (stranger, link_to(SECOND)[:-3] + "/")):
        answer = who.post(link, {"yes": "1"})
        assert answer.status_code == 404 and other.reference not in text(answer) and SECOND not in text(answer)
    assert Client().get(link_to(SECOND)).status_code == 302
    page = text(browser.get(link_to(SECOND)))
    assert case.reference in page and other.reference in page and SECOND in page
    assert held() == before

    answer = browser.post(link_to(SECOND), {"yes": "1"}, follow=True)
    assert "n’en font plus qu’un" in text(answer) and other.reference in text(answer)
    done = _only_merge()
    assert (done.master_id, done.account, done.asking.space) == (first.person_id, town.agent, first.pk)
    assert Entry.objects.get(action="person.merged").account_id is None
    assert Link.objects.get().account_id == CivilIdentity.objects.get().account_id == first.pk
    assert not PersonSession.objects.filter(account=second).exists()
    inside = OverTls()
    assert inside.post(IN, shown(key, inside)).status_code == 302
    assert PersonSession.objects.get(digest=digest_of(inside)).account_id == first.pk
    assert signed_in(Client(), SECOND, OTHER).status_code == 422
    late = Client()
    address = code_for(late, SECOND)["Location"]
    assert "réuni à votre autre espace" in text(late.post(address, entrance(address, PHRASE)))
    assert browser.get(link_to(SECOND)).status_code == 404

    merging.unmerge(done.pk, town.agent, why="deux personnes")
    assert held() == before
    inside = OverTls()
    assert inside.post(IN, shown(key, inside)).status_code == 302
    assert PersonSession.objects.get(digest=digest_of(inside)).account_id == second.pk
    assert signed_in(Client(), SECOND, OTHER).status_code == 302
    assert {"space_joined", "space_parted"} <= set(Notice.objects.values_list("template", flat=True))
    with pytest.raises(MatchingError, match="demandez d’abord"):
        merging.merge(first.person_id, second.person_id, town.agent)


def _only_merge():
    with scope.of_task("test"):
        return Merge.objects.select_related("asking", "account").get()


def _unproved(town, first, second):
    with scope.of_task("test"):
        first.person.attributes.update(level=Level.DECLARED)


def _another_name(town, first, second):
    write(second.person, Level.DECLARED, given_names="Camilla")


def _another_birth(town, first, second):
    write(first.person, Level.DECLARED, birth_date="1984-05-07")
    write(second.person, Level.DECLARED, birth_date="1994-05-07")


def _one_mailbox(town, first, second):
    PersonAccount.objects.filter(pk=second.pk).update(email="")
    write(second.person, Level.OFFICIAL_PROOF_SEEN, email=EMAIL)


def _two_by_the_state(town, first, second):
    for each in (first, second):
        Link.objects.create(
            account=each, authority=town.authority, platform="fc", subject=str(each.pk), linked_at=timezone.now()
        )


LEFT = [
    (_unproved, Asking.Left.NAMES, ""),
    (_another_name, Asking.Left.NAMES, ""),
    (_another_birth, Asking.Left.NAMES, ""),
    (_one_mailbox, Asking.Left.ADDRESS, ""),
    (_two_by_the_state, Asking.Left.RULES, "FranceConnect dit"),
]


@pytest.mark.parametrize(("arrange", "left", "refused"), LEFT)
def test_where_they_do_not_agree_an_agent_decides_with_what_was_proved(town, two, arrange, left, refused):
    browser, first, second, _case, _other = two
    asked = ask(town)
    arrange(town, first, second)
    side = "second" if asked.second_id == second.person_id else "first"
    browser.post(f"/mon-espace/reunir/{asked.pk}/{asking.key_of(asked.pk, side)}/", {"yes": "1"})
    with scope.of_task("test"):
        found = Asking.objects.get()
    assert (found.state, found.left) == ("confirmed", left)
    (pair, *_rest) = suspected()
    agent = Client()
    log_in(agent, town.agent)
    assert "À vous de décider" in text(agent.get(f"/agents/personnes/doublons/{pair.pk}/"))
    locking.take(pair.pk, town.agent)
    if refused:
        with pytest.raises(MatchingError, match=refused):
            deciding.same(pair.pk, town.agent, first.person_id)
    else:
        assert deciding.same(pair.pk, town.agent, first.person_id).asking_id is None
        assert PersonAccount.objects.get(pk=second.pk).joined_to_id == first.pk


def test_a_person_may_say_no_and_a_question_ends(town, two):
    browser, *_others = two
    before = held()
    ask(town)
    link = link_to(SECOND)
    with pytest.raises(MatchingError, match="moins d’un jour"):
        ask(town)
    with scope.of_task("test"):
        Asking.objects.update(asked_at=timezone.now() - asking.AGAIN)
    ask(town)
    assert browser.get(link).status_code == 404
    link = link_to(SECOND)
    with scope.of_task("test"):
        Asking.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert browser.get(link).status_code == 404
    with scope.of_task("test"):
        Asking.objects.update(ends_at=timezone.now() + timedelta(days=1))
    assert "rien ne change" in text(browser.post(link, {"no": "1"}, follow=True))
    assert browser.post(link, {"yes": "1"}).status_code == 404
    assert held() == before


def test_who_has_no_account_or_no_address_is_not_asked(town):
    for _each in range(2):
        town.submit(applicant=CAMILLE)
    with pytest.raises(MatchingError, match="espace personnel"):
        ask(town)
    town.submit(applicant={**CAMILLE, "email": ""})
    town.submit(applicant={**CAMILLE, "email": "", "family_name": "MARTIN"})
    (found,) = [each for each in suspected() if {each.first_id, each.second_id} <= _without_address()]
    locking.take(found.pk, town.agent)
    with pytest.raises(MatchingError, match="pas de courriel"):
        asking.ask(found.pk, town.agent)


def _without_address() -> set[uuid.UUID]:
    return set(Case.objects.filter(contact_email="").values_list("person", flat=True))
