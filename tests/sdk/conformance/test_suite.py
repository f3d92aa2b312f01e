"""The suite sees what is wrong: each check is shown a connector that breaks exactly its rule."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import Field

from etoile.sdk import Check, LookupOutcome, Outcome, Polled
from etoile.sdk.conformance import expectations, streaming
from etoile.sdk.conformance.findings import Failed, Verdict
from etoile.sdk.conformance.locating import Located, NotFound, locate
from etoile.sdk.conformance.scaffold import create
from etoile.sdk.conformance.suite import examine
from etoile.sdk.faults import KINDS

SAMPLE = str(Path(__file__).parents[3] / "examples" / "connector-sample")
GOOD = locate(SAMPLE)
Good = type(GOOD.connector)


def judge(connector, *, kinds=(), located: Located = GOOD):
    """The report on a connector that replaces the sample's; with these faults only."""
    return asyncio.run(examine(replace(located, connector=connector), SAMPLE, kinds=kinds))


def verdicts(report):
    return {each.name: each.verdict for each in report.findings}


def failed(report):
    return {each.name: each.words for each in report.findings if each.verdict is Verdict.FAILED}


def test_a_sound_connector_fails_nothing_and_what_does_not_concern_it_is_said():
    report = judge(GOOD.connector, kinds=["error", "write_then_fail"])
    assert (report.result, failed(report)) == ("passed", {})
    assert verdicts(report)["documents"] is Verdict.UNCONCERNED
    assert [row.kind for row in report.rows] == ["error", "write_then_fail"]


def test_a_connector_without_a_double_is_tested_as_far_as_it_can():
    report = judge(GOOD.connector, located=replace(GOOD, rig=None))
    assert report.result == "incomplete"
    assert verdicts(report)["manifest"] is Verdict.PASSED
    assert verdicts(report)["idempotence"] is Verdict.UNTESTED


def test_a_double_that_cannot_run_here_is_told_apart_from_none(tmp_path):
    folder = create("voirie_seule", tmp_path)
    assert locate(str(folder)).rig is not None
    bare = create("voirie_nue", tmp_path)
    (bare / "src" / "voirie_nue" / "double.py").unlink()
    assert (locate(str(bare)).rig, locate(str(bare)).why) == (None, "pas de double pour essayer")
    lacking = create("voirie_lacunaire", tmp_path)
    (lacking / "src" / "voirie_lacunaire" / "double.py").write_text("import a_server_that_nobody_has\n")
    assert "« a_server_that_nobody_has », qui n’est pas installé" in locate(str(lacking)).why
    mute = create("voirie_muette", tmp_path)
    (mute / "src" / "voirie_muette" / "double.py").write_text("")
    assert "n’a pas de fonction rig()" in locate(str(mute)).why


def test_a_second_try_that_writes_again_is_seen():
    class Doubling(Good):
        async def deliver(self, event, context):
            return await super().deliver(event, replace(context, idempotency_key=str(context.deadline)))

    assert "deux essais donnent deux numéros" in failed(judge(Doubling()))["idempotence"]


def test_an_outcome_that_does_not_fit_the_fault_is_seen():
    class Hopeful(Good):
        async def deliver(self, event, context):
            outcome = await super().deliver(event, context)
            return Outcome.acknowledged("V-1", "C’est fait.") if outcome.kind == "retry" else outcome

    words = failed(judge(Hopeful(), kinds=["html"]))["classification"]
    assert "attendue « nouvel essai »" in words


def test_an_exception_is_a_fault_of_the_connector():
    class Raising(Good):
        async def deliver(self, event, context):
            raise KeyError("applicant")

    assert "KeyError au lieu de rendre une issue" in failed(judge(Raising()))["delivery"]


def test_a_value_of_a_person_in_a_log_or_a_detail_is_seen():
    class Talkative(Good):
        async def deliver(self, event, context):
            logging.getLogger("talkative").debug("sending %s", event.data["applicant"])
            return replace(await super().deliver(event, context), detail=context.secrets["key"])

    words = failed(judge(Talkative()))["discretion"]
    assert "(family_name) dans les journaux" in words
    assert "(address) dans les journaux" in words
    assert "le secret « key » dans le détail technique" in words


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("L’application répond HTTP 503.", "contient « HTTP »"),
        ("Il a échoué (503).", "contient « 503 »"),
        ("It will be tried again", "n’est pas une phrase en français"),
    ],
)
def test_words_that_an_agent_cannot_read_are_seen(message, words):
    class Speaking(Good):
        async def deliver(self, event, context):
            return replace(await super().deliver(event, context), message=message)

    assert words in failed(judge(Speaking()))["words"]


def test_a_connector_that_outlives_its_deadline_is_seen():
    class Slow(Good):
        async def deliver(self, event, context):
            return await super().deliver(event, replace(context, deadline=context.deadline + 60))

    assert "n’a pas rendu la main" in failed(judge(Slow()))["deadline"]


def test_a_wait_that_is_not_kept_is_seen():
    class Impatient(Good):
        async def deliver(self, event, context):
            return replace(await super().deliver(event, context), retry_after=1)

    assert "demande 17 secondes" in failed(judge(Impatient()))["patience"]


def test_credentials_that_nobody_looks_at_are_seen():
    class Trusting(Good):
        async def check(self, context):
            return [Check("credentials", True, "L’application accepte notre clé.")]

        async def deliver(self, event, context):
            return await super().deliver(event, replace(context, secrets={"key": "une-cle-de-simulation"}))

    assert "mauvais identifiants" in failed(judge(Trusting()))["credentials"]


def test_a_poll_that_loses_or_repeats_is_seen():
    class Losing(Good):
        async def poll(self, cursor, context):
            polled = await super().poll(cursor, context)
            return replace(polled, returned=[]) if cursor else polled

    class Silent(Good):
        async def poll(self, cursor, context):
            try:
                return await super().poll(cursor, context)
            except Exception:
                return Polled(cursor)

    assert "n’est pas lu" in failed(judge(Losing()))["polling"]
    assert "ne le dit pas" in failed(judge(Silent()))["polling"]


def test_a_manifest_that_lies_or_says_too_little_is_seen():
    class Asking(Good):
        async def lookup(self, query, context):
            return LookupOutcome.not_found()

    class Unlicensed(Good):
        manifest = Good.manifest.model_copy(update={"licence": "libre, voir le site"})

    class Brief(Good):
        manifest = Good.manifest.model_copy(update={"vendor": None, "documentation": "AUTRE.md"})

    assert "declares" in failed(judge(Asking()))["manifest"]
    assert "SPDX" in failed(judge(Unlicensed()))["manifest"]
    assert failed(judge(Brief())) == {
        "manifest": "il manque au manifeste : vendor",
        "documentation": "la page AUTRE.md n’existe pas",
    }


def test_a_setting_that_nobody_explains_is_seen():
    class Terse(Good.Configuration):
        mode: str = Field(default="", title="Mode d’envoi")

    class Unexplained(Good):
        Configuration = Terse

    assert "mode n’a pas de description" in failed(judge(Unexplained()))["settings"]


def test_a_document_that_fills_the_memory_is_seen():
    size = 100 * 2**20
    assert "ajoute 1 Mo" in streaming.flat(2**20, size, None)
    with pytest.raises(Failed, match="n’est pas transmise en flux"):
        streaming.flat(size, size, None)
    assert "limite déclarée" in streaming.flat(60 * 2**20, 20 * 2**20, 20 * 2**20)


def test_every_kind_of_fault_has_an_expected_outcome():
    assert expectations.unnamed() == frozenset()
    assert all(expectations.expected(kind) for kind in KINDS)


@pytest.mark.parametrize("target", ["nowhere", "tests"])
def test_what_is_not_a_connector_is_said(target):
    with pytest.raises(NotFound, match="n’"):
        locate(target)


def test_a_connector_that_keeps_a_whole_document_is_measured_and_fails(tmp_path):
    folder = create("voirie_lourde", tmp_path)
    code = folder / "src" / "voirie_lourde" / "connector.py"
    keeping = "kept = [b for d in event.data['documents'] async for b in context.open_document(d)]"
    ask = 'answer = await self._ask(context, "POST", "/requests", context.render()'
    assert ask in code.read_text()
    code.write_text(code.read_text().replace(ask, f"{keeping}\n            {ask}"))
    double = folder / "src" / "voirie_lourde" / "double.py"
    double.write_text(double.read_text().replace("faults=", "carries_documents=True, faults="))
    report = asyncio.run(examine(locate(str(folder)), str(folder), kinds=[], document_bytes=48 * 2**20))
    assert "n’est pas transmise en flux" in failed(report)["documents"]
