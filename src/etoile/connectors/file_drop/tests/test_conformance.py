"""WebDAV passes the same suite as SFTP, which is the one that `etoile connector test` makes."""

from dataclasses import replace

from etoile.connectors.file_drop import webdav_double
from etoile.sdk.conformance import suite
from etoile.sdk.conformance.findings import Verdict
from etoile.sdk.conformance.locating import locate

# Enough to tell what is streamed from what is kept.
DOCUMENT = 12 * 2**20
# The others are tried by `test_servers`, more closely.
KINDS = {"refuse", "conflict", "too_many", "write_then_fail"}


async def test_over_webdav_too_the_connector_conforms():
    located = replace(locate("file_drop"), rig=webdav_double.rig)
    report = await suite.examine(located, "file_drop", kinds=KINDS, document_bytes=DOCUMENT)
    # What it does not offer does not concern it; all the rest was tested and passes.
    wrong = [each for each in report.findings if each.verdict in (Verdict.FAILED, Verdict.UNTESTED)]
    assert wrong == []
    assert {row.kind for row in report.rows} == KINDS
