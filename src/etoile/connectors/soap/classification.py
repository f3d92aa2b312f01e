"""What an answer means: the table of the application first, then what SOAP says of a fault, then what HTTP says."""

import re
from functools import lru_cache

from etoile.connectors.soap.answer import Fault, Reply
from etoile.connectors.soap.configuration import Absent, ErrorRule
from etoile.sdk import Outcome, declared, formulas
from etoile.sdk.answers import by_status, redact

# The codes of WS-Security (OASIS, SOAP message security 1.1 §12): our identity is not taken.
IDENTITY = frozenset({
    "failedauthentication", "failedcheck", "invalidsecurity", "invalidsecuritytoken", "securitytokenunavailable",
    "unsupportedsecuritytoken", "unsupportedalgorithm", "messageexpired",
})  # fmt: skip
SENDER = frozenset({"client", "sender"})
VERSIONS = frozenset({"versionmismatch", "mustunderstand", "dataencodingunknown"})


def outcome_of(rules: tuple[ErrorRule, ...], reply: Reply, event: dict | None) -> Outcome | None:
    """The outcome of an answer that is not an envelope with a content to read; None for one that is."""
    if known := _by_table(rules, reply, event):
        return known
    if reply.fault is not None:
        return by_fault(reply.fault, reply.answer.status)
    if not reply.why:
        return by_status(reply.answer)
    if 200 <= reply.answer.status < 300:
        words = f"L’application a donné une réponse inattendue : {reply.why}."
        return Outcome.retry(words, detail=f"HTTP {reply.answer.status}", http_status=reply.answer.status)
    return by_status(reply.answer)


def by_fault(fault: Fault, status: int) -> Outcome:
    """A fault that the table does not know."""
    codes = {each.lower() for each in fault.codes}
    detail = f"HTTP {status}, {redact(fault.code)}"
    if codes & IDENTITY:
        return Outcome.fix_configuration("L’application ne reconnaît pas nos identifiants.", detail, http_status=status)
    if codes & VERSIONS:
        words = "L’application ne comprend pas notre enveloppe : version de SOAP ou en-tête de sécurité à revoir."
        return Outcome.fix_configuration(words, detail, http_status=status)
    if codes & SENDER:
        words = f"L’application refuse la demande : {redact(fault.text) or 'sans explication.'}"
        return Outcome.fix_data(words, detail, http_status=status)
    words = f"L’application a rencontré une erreur : {redact(fault.text) or 'sans explication.'}"
    return Outcome.retry(words, detail=detail, http_status=status)


def says_absent(absent: Absent | None, reply: Reply) -> bool:
    """Whether a fault is the application's way to say that it found nothing."""
    return (
        absent is not None and reply.fault is not None and _matches(absent.fault_code, absent.fault_text, reply.fault)
    )


def _by_table(rules: tuple[ErrorRule, ...], reply: Reply, event: dict | None) -> Outcome | None:
    values = reply.values(event)

    def concerns(rule: ErrorRule) -> bool:
        reads_fault = rule.fault_code is not None or rule.fault_text is not None
        if reads_fault and (reply.fault is None or not _matches(rule.fault_code, rule.fault_text, reply.fault)):
            return False
        return rule.when is None or formulas.holds(rule.when, **values)

    return declared.first(rules, concerns, reply.answer, values)


def _matches(code: str | None, text: str | None, fault: Fault) -> bool:
    codes = (*fault.codes, fault.code)
    return (code is None or any(_pattern(code).fullmatch(each) for each in codes)) and (
        text is None or _pattern(text).fullmatch(fault.text) is not None
    )


@lru_cache(maxsize=1024)
def _pattern(written: str) -> re.Pattern[str]:
    """`*` stands for anything; two of them side by side are one, so that no text makes it slow."""
    parts = [
        re.escape(part) for part in re.split(r"\*+", written.rpartition(":")[2] if "*" not in written else written)
    ]
    return re.compile(".*?".join(parts), re.IGNORECASE | re.DOTALL)
