"""The table of docs/security.md is what happens: each address, tried by each role where the case decides, by an agent
of another sector, by one of another authority, by one without a role, and by programs.

`MATRIX=1` with this test writes the table again.
"""

import os
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.gru.access import matrix
from tests.gru.api.calling import Caller
from tests.gru.conftest import Town, log_in, make_town
from tests.gru.documents.samples import PDF

from etoile.gru import urls
from etoile.gru.access.models import Account, Authority, Membership, Role, Sector, Team
from etoile.gru.access.rights import RIGHTS
from etoile.gru.api.models import Limits
from etoile.gru.api.v1 import api
from etoile.gru.archive.models import Standing
from etoile.gru.backoffice import printing, views
from etoile.gru.backoffice.printing import REQUEST, Printed
from etoile.gru.documents.services import store
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


@pytest.fixture(autouse=True)
def _no_page(monkeypatch, settings, tmp_path):
    """Hundreds of answers, of which the status alone is read: the pages are looked at elsewhere."""
    settings.DOCUMENTS_FOLDER = tmp_path
    monkeypatch.setattr(printing, "request_paper", lambda view: Printed("acte.pdf", b""))
    monkeypatch.setattr(views, "show", lambda *args, **kwargs: HttpResponse())
    monkeypatch.setattr("django.template.loader.render_to_string", lambda *args, **kwargs: "")
    for status in (403, 404):
        answer = HttpResponse(status=status)
        monkeypatch.setattr(urls, f"handler{status}", lambda request, exception, answer=answer: answer, raising=False)


@pytest.fixture
def two_towns(town: Town) -> Town:
    """Another authority, whose own things have other names than those of the first."""
    other = make_town("21490998800012", "autre")
    Authority.objects.filter(pk=town.authority.pk).update(host="testserver")
    Authority.objects.filter(pk=other.authority.pk).update(host=ELSEWHERE)
    Procedure.objects.filter(authority=other.authority).update(slug="ailleurs")
    Team.objects.filter(authority=other.authority).update(slug="ailleurs")
    Sector.objects.filter(authority=other.authority).update(slug="ailleurs")
    return other


def things_of(town: Town) -> tuple[dict, dict]:
    """What the addresses may name: of a case in use, of one set apart."""
    known = {"int:pk": town.agent.pk, "slug": "acte", "kind": REQUEST, "uuid:other": town.submit().pk}
    both = []
    for case in (town.submit(), town.submit()):
        document = SimpleUploadedFile("acte.pdf", PDF)
        kept = store(town.authority, case.pk, document, field="piece", accept=("pdf",), max_size=1000)
        both.append(known | {"uuid:pk": case.pk, "uuid:document_id": kept.pk})
    Standing.objects.create(case_id=both[1]["uuid:pk"], archived_at=timezone.now())
    return both[0], both[1]


def agents_rows(town: Town, other: Town) -> list[list[str]]:
    sector = Sector.objects.create(authority=town.authority, slug="enfance", name="Enfance")
    famille = Team.objects.create(authority=town.authority, sector=sector, slug="famille", name="F", email="f@f.fr")
    in_use, apart = things_of(town)
    # Two roles with the same rights on cases get in at the same doors: one of them tries.
    alike = {role: RIGHTS[role] & ON_CASES for role in Role}
    trying = {alike[role]: agent(town.authority, role.value, [role], town.team) for role in Role}
    asked_of_nobody: set[str] = set()
    nobody = agent(town.authority, "nobody", [], None)
    beside = agent(town.authority, "beside", list(Role), famille)
    away = agent(other.authority, "away", list(Role), None, ELSEWHERE)
    rows, wrong = [], []
    for route in matrix.routes(matrix.AGENTS):
        known = apart if route.path.startswith("agents/archives/demandes/") else in_use
        address = route.address(known | ({"slug": "etat-civil"} if "services/" in route.path else {}))
        if route.of_a_case:
            opened = {rights for rights, client in trying.items() if matrix.opens(client, address)}
            held = [role for role in Role if alike[role] in opened]
        elif route.right:
            held = matrix.roles_with(route.right)
            # One door a right: the same function asks at each of them.
            assert route.right in asked_of_nobody or matrix.tried(nobody, address)[0] == 403, route.path
            asked_of_nobody.add(route.right)
        else:
            held = list(Role)
        crossed = ["", ""]
        if route.names_something:
            crossed = ["x" if matrix.reaches(client, address) else "no" for client in (beside, away)]
            if crossed[1] != "no" or (route.of_a_case and crossed[0] != "no"):
                wrong.append(f"{crossed} {route.path}")
        asked = route.right or ("on the case" if route.of_a_case else "any agent")
        rows.append([f"`/{route.path}`", asked, *("x" if role in held else "" for role in Role), *crossed])
    assert wrong == [], "opened from another sector or another authority"
    return rows


def programs_rows(town: Town, other: Town) -> list[list[str]]:
    case = town.submit()
    known = {"case_id": case.pk, "slug": "acte"}
    scopes = sorted({each.auth_callbacks[0].scope for each in api.operations()})
    callers = {scope: Caller(town, scopes=scope) for scope in scopes}
    limited, away = Caller(town, scopes=" ".join(scopes)), Caller(other, scopes=" ".join(scopes))
    Limits.objects.create(client=limited.client, procedures={"autre": ["*"]})
    for each in (*callers.values(), limited, away):
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

            for other_scope, caller in callers.items():
                assert (status(caller) == 403) == (other_scope != scope), f"{method} {path} with {other_scope}"
            crossed = []
            for caller in (limited, away):
                refused = status(caller)
                # A body is looked at before what it is about: an empty one says nothing of what is there.
                assert "{" not in path or refused in (404, 422), f"{method} {path}: {refused}"
                crossed.append("no" if "{" in path else "own")
            rows.append([f"`{method.upper()} {path}`", f"`{scope}`", *crossed])
    return rows


def test_the_table_of_the_page_is_what_happens(town, two_towns):
    roles = [f"`{role.value}`" for role in Role]
    made = {
        "agents": matrix.table(
            ["Address", "Right", *roles, "other sector", "other authority"], agents_rows(town, two_towns)
        ),
        "programs": matrix.table(
            ["Operation", "Scope", "other procedure", "other authority"], programs_rows(town, two_towns)
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
