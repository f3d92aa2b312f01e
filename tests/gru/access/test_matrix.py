"""The table of docs/security.md is what happens: each address, tried by each role where the case decides, by an agent
of another sector, by one of another authority, by one without a role, and by programs.

`MATRIX=1` with this test writes the table again.
"""

import os
import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.browser.gru import procedures, scenery
from tests.browser.harness.site import Scenery
from tests.gru.access import matrix, real
from tests.gru.access.real import Real
from tests.gru.api.calling import Caller
from tests.gru.conftest import Town, log_in, make_town

from etoile.gru import urls
from etoile.gru.access.models import Account, Authority, Membership, Role, Sector, Team
from etoile.gru.access.rights import RIGHTS
from etoile.gru.api.models import Limits
from etoile.gru.api.v1 import api
from etoile.gru.backoffice import printing, views
from etoile.gru.backoffice.printing import Printed
from etoile.gru.designer import receivers
from etoile.gru.forms.models import Procedure

PAGE = Path(__file__).parents[3] / "docs" / "security.md"
ELSEWHERE = "localhost"
ON_CASES = frozenset({"cases.read", "cases.treat", "cases.decide", "archives.read", "archives.manage"})


def agent(authority: Authority, name: str, roles: list[Role], team: Team | None, host: str = "testserver") -> Client:
    account = Account.objects.create(
        authority=authority, email=f"{name}@matrix.example", given_name="N", family_name="L"
    )
    Membership.objects.bulk_create(Membership(account=account, team=team, role=role) for role in roles)
    client = Client(SERVER_NAME=host)
    log_in(client, account)
    return client


@pytest.fixture
def site(db, monkeypatch, settings, tmp_path) -> Scenery:
    """The town at work of the browser tests, where each address names something that exists."""
    settings.DOCUMENTS_FOLDER = tmp_path / "documents"
    settings.THEMES_FOLDER = tmp_path / "themes"
    monkeypatch.setattr(receivers, "rehearse", procedures.hub)
    built = scenery.build()
    Authority.objects.update(host="testserver")
    return built


@pytest.fixture
def elsewhere(site: Scenery) -> Town:
    """Another authority, whose own things have other names than those of the first."""
    other = make_town("21490998800012", "autre")
    Authority.objects.filter(pk=other.authority.pk).update(host=ELSEWHERE)
    Procedure.objects.filter(authority=other.authority).update(slug="ailleurs")
    Team.objects.filter(authority=other.authority).update(slug="ailleurs")
    Sector.objects.filter(authority=other.authority).update(slug="ailleurs")
    return other


@pytest.fixture
def _no_page(elsewhere: Town, monkeypatch):
    """Hundreds of answers, of which the status alone is read: the pages are looked at elsewhere."""
    monkeypatch.setattr(printing, "request_paper", lambda view: Printed("acte.pdf", b""))
    monkeypatch.setattr(views, "show", lambda *args, **kwargs: HttpResponse())
    monkeypatch.setattr("django.template.loader.render_to_string", lambda *args, **kwargs: "")
    for status in (403, 404):
        answer = HttpResponse(status=status)
        monkeypatch.setattr(urls, f"handler{status}", lambda request, exception, answer=answer: answer, raising=False)


def agents_rows(site: Scenery, other: Town) -> list[list[str]]:
    team = Team.objects.get(authority__host="testserver", slug="services-techniques")
    sector = Sector.objects.create(authority=team.authority, slug="a-cote", name="À côté")
    aside = Team.objects.create(authority=team.authority, sector=sector, slug="a-cote", name="F", email="f@f.fr")
    known = real.addresses(site)
    owners = {who: real.client(site, who, "testserver") for who in ("agent", "administrator", "archivist", "officer")}
    # Two roles with the same rights on cases get in at the same doors: one of them tries.
    alike = {role: RIGHTS[role] & ON_CASES for role in Role}
    trying = {alike[role]: agent(team.authority, role.value, [role], team) for role in Role}
    asked_of_nobody: set[str] = set()
    nobody = agent(team.authority, "nobody", [], None)
    others = [
        agent(team.authority, "colleague", list(Role), team),
        agent(team.authority, "beside", list(Role), aside),
        agent(other.authority, "away", list(Role), None, ELSEWHERE),
    ]
    rows, wrong = [], []
    for route in matrix.routes(matrix.AGENTS):
        named = known.get(route.path, Real(route.address({}), "agent"))
        if route.of_a_case:
            opened = {rights for rights, client in trying.items() if matrix.opens(client, named.address)}
            held = [role for role in Role if alike[role] in opened]
        elif route.right:
            held = matrix.roles_with(route.right)
            # One door a right: the same function asks at each of them.
            assert route.right in asked_of_nobody or matrix.tried(nobody, named.address)[0] == 403, route.path
            asked_of_nobody.add(route.right)
        else:
            held = list(Role)
        crossed = ["", "", ""]
        if route.names_something:
            crossed = ["x" if each else "no" for each in matrix.reached(owners[named.who], others, named)]
            if route.path in real.OF_THE_PROGRAM:
                crossed[2] = "own"
            if crossed[2] == "x" or (route.of_a_case and crossed[1] != "no"):
                wrong.append(f"{crossed} {route.path}")
        asked = route.right or ("on the case" if route.of_a_case else "any agent")
        rows.append([f"`/{route.path}`", asked, *("x" if role in held else "" for role in Role), *crossed])
    assert not wrong, "\n".join(wrong)
    return rows


def programs_rows(town: Town, other: Town) -> list[list[str]]:
    case = town.submit()
    known = {"case_id": case.pk, "slug": "acte"}
    scopes = sorted({each.auth_callbacks[0].scope for each in api.operations()})
    alone = {scope: Caller(town, scopes=scope) for scope in scopes}
    # What all the other scopes together do not open, none of them does.
    without = {scope: Caller(town, scopes=" ".join({*scopes} - {scope})) for scope in scopes}
    limited, away = Caller(town, scopes=" ".join(scopes)), Caller(other, scopes=" ".join(scopes))
    Limits.objects.create(client=limited.client, procedures={"autre": ["*"]})
    for each in (*alone.values(), *without.values(), limited, away):
        each.sign_in()
    rows = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        address = re.sub(r"{(\w+)}", lambda found: str(known.get(found[1], "0" * 32)), path)
        for method, said in methods.items():
            (scope,) = said["security"][0]["oauth2"]
            sent = {"headers": {"if-match": "*", "idempotency-key": "m"}, "content_type": "application/json"}

            def status(caller: Caller, method=method, address=address, sent=sent) -> int:
                headers = sent["headers"] | {"authorization": f"Bearer {caller.token}"}
                return caller.http.generic(method, address, b"{}", **sent | {"headers": headers}).status_code

            assert status(alone[scope]) != 403, f"{method} {path} with {scope}"
            assert status(without[scope]) == 403, f"{method} {path} without {scope}"
            crossed = []
            for caller in (limited, away):
                refused = status(caller)
                # A body is looked at before what it is about: an empty one says nothing of what is there.
                assert "{" not in path or refused in (404, 422), f"{method} {path}: {refused}"
                crossed.append("no" if "{" in path else "own")
            rows.append([f"`{method.upper()} {path}`", f"`{scope}`", *crossed])
    return rows


@pytest.mark.exigence("ASVS 3.5.3")
@pytest.mark.exigence("ASVS 8.2.1")
@pytest.mark.exigence("ASVS 8.2.2")
@pytest.mark.exigence("ASVS 8.4.1")
@pytest.mark.usefixtures("_no_page")
def test_the_table_of_the_page_is_what_happens(site, elsewhere):
    roles = [f"`{role.value}`" for role in Role]
    made = {
        "agents": matrix.table(
            ["Address", "Right", *roles, "colleague", "other sector", "other authority"], agents_rows(site, elsewhere)
        ),
        "programs": matrix.table(
            ["Operation", "Scope", "other procedure", "other authority"],
            programs_rows(make_town("21490997700019", "programmes"), elsewhere),
        ),
    }
    page = PAGE.read_text()
    for name, text in made.items():
        page = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", rf"\g<1>{text}\g<2>", page, flags=re.DOTALL)
    if os.environ.get("MATRIX"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page, "docs/security.md is not what happens: run this test with MATRIX=1, and read it"


def test_who_is_not_signed_in_is_sent_to_sign_in(db):
    signing = reverse("backoffice:sign-in")
    for route in matrix.routes(matrix.AGENTS):
        answer = Client().get(route.address({}))
        assert (answer.status_code, answer.headers.get("Location", "").startswith(signing)) == (302, True), route.path
