"""The table of docs/security.md names, for each requirement of OWASP ASVS 5.0 that a test shows, the tests that do.

A test says its numbers: `@pytest.mark.exigence("ASVS 8.4.1")`. `ASVS=1` with this one writes the table again.
"""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security.md"
TABLE = re.compile(r"(<!-- asvs -->\n).*?(<!-- end of asvs -->)", re.DOTALL)
PLACES = ("tests", "src/etoile/connectors", "src/etoile/sdk")
# Our words for what each asks; those of reference are in English at https://github.com/OWASP/ASVS (5.0.0).
ROWS = {
    "1.2.1": "What a person typed is never markup",
    "1.2.4": "Statements to the database have parameters; no character breaks them",
    "1.3.6": "No address of the inside is called (SSRF), whatever a name resolves to",
    "1.3.7": "What is typed is never a template",
    "1.5.1": "XML has no external entity",
    "2.2.2": "The server checks again all that a form checks",
    "2.3.1": "Steps come in their order",
    "2.3.3": "All of a submission, or nothing",
    "2.3.4": "Two at once: one wins, the other is told",
    "2.4.1": "Guessing is slowed down",
    "3.3.1": "Cookies: `__Host-`, Secure, HttpOnly, SameSite",
    "3.4.1": "HTTPS for a year",
    "3.4.3": "Content Security Policy without anything `unsafe`",
    "3.4.4": "`nosniff`",
    "3.4.6": "No page in a frame",
    "3.5.1": "No form without its token",
    "3.5.3": "A link changes nothing",
    "4.1.1": "Each answer says its type",
    "5.2.1": "Size of files",
    "5.2.2": "A file is what its content says",
    "5.2.3": "Archives that swell",
    "5.3.2": "Names of files stay outside the disk",
    "5.4.1": "Files are given to be saved, under a harmless name",
    "5.4.3": "Antivirus",
    "6.2.1": "Length of passwords",
    "6.2.4": "Common passwords",
    "6.2.12": "Leaked passwords",
    "6.3.1": "Guessing a code suspends, and blocks nobody else",
    "6.3.3": "Second factor of every agent",
    "6.3.8": "Nothing tells whether somebody is known",
    "6.4.3": "A forgotten passphrase is chosen again by its own mailbox, to the letter",
    "6.5.1": "A code serves once",
    "6.5.2": "Recovery codes are kept as digests",
    "6.8.4": "Level asked of the identity platform",
    "7.2.4": "Another session at each proof",
    "7.3.1": "A session ends when nobody is there",
    "7.3.2": "A session ends after a working day",
    "7.4.2": "An account that is closed has no session",
    "7.4.3": "Another factor ends the other sessions",
    "7.4.5": "An administrator ends sessions",
    "7.5.1": "Another way in asks again who is there",
    "7.5.2": "One’s sessions are listed and ended",
    "8.2.1": "Rights by function",
    "8.2.2": "Rights by object",
    "8.2.3": "Rights by field",
    "8.4.1": "Authorities apart",
    "9.1.1": "Signed tokens are verified",
    "10.2.1": "An answer serves the browser that asked",
    "10.3.1": "Audience of tokens",
    "10.4.1": "Exact address of return",
    "10.4.2": "An authorisation code serves once",
    "10.5.1": "An identity serves the sign-in that asked it",
    "10.5.2": "Who somebody is: the name the platform gives, never an e-mail",
    "10.5.3": "Only the platform that was asked answers",
    "10.5.4": "Identities told to another service",
    "11.3.1": "Authenticated encryption of what is sensitive",
    "11.4.2": "Slow hash of passwords",
    "14.2.4": "Sensitive answers are sealed at rest",
    "15.3.1": "An answer holds only what is needed",
    "15.3.3": "What a form does not ask is not taken (mass assignment)",
    "16.2.5": "No personal value in the logs",
    "16.3.1": "Failed sign-ins are written down",
    "16.3.2": "Refused accesses are written down",
    "16.5.1": "Errors tell nothing of the inside",
    "16.5.2": "What is around may fail: nothing is lost",
    "16.5.3": "Closed when it fails",
}


def marked() -> Iterator[tuple[str, str]]:
    """Each number and the test that says it, as `file::name`."""
    for place in PLACES:
        for file in sorted((ROOT / place).rglob("test_*.py")):
            text = file.read_text(encoding="utf-8")
            if 'exigence("ASVS' not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    marks = " ".join(map(ast.unparse, node.decorator_list))
                    for each in re.findall(r"exigence\('ASVS ([\d.]+)'\)", marks):
                        yield each, f"{file.relative_to(ROOT)}::{node.name}"


def test_the_table_of_the_page_is_what_the_tests_say() -> None:
    shown: dict[str, list[str]] = {}
    for number, test in marked():
        shown.setdefault(number, []).append(test)
    assert set(shown) - set(ROWS) == set(), "a number without its words"
    assert set(ROWS) - set(shown) == set(), "a row that no test shows"
    lines = ["| ASVS | What is shown | By |", "| --- | --- | --- |"]
    lines += [f"| {number} | {words} | {', '.join(f'`{each}`' for each in sorted(shown[number]))} |"
              for number, words in ROWS.items()]  # fmt: skip
    text = "\n".join(lines) + "\n"
    page = TABLE.sub(lambda found: f"{found[1]}{text}{found[2]}", PAGE.read_text(encoding="utf-8"))
    if os.environ.get("ASVS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "docs/security.md: run this test with ASVS=1, and read it"
