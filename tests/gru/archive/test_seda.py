"""A list as a SEDA package: the official schema takes its manifest, and each file is the one it names."""

import hashlib
import io
import json
import zipfile

import pypdf
import pytest
from lxml import etree
from tests.gru.archive.conftest import CANARIES, OVER

from etoile.gru.archive import slips
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.archive.seda import package
from etoile.gru.archive.seda.manifest import _SCHEMA, VERSIONS
from etoile.gru.cases.models import Case


@pytest.fixture
def handed_over(archives):
    case = archives.archived()
    archives.procedure = archives.in_force("archive")
    return case, slips.propose(archives.procedure, "transfer", archives.archivist, now=OVER)


def test_the_official_schema_takes_the_manifest_and_each_file_is_what_it_says(archives, handed_over):
    case, slip = handed_over
    for version in VERSIONS:
        made = io.BytesIO()
        assert package.write(slip, version, made) == 1
        opened = zipfile.ZipFile(made)
        text = opened.read("manifest.xml")
        space = f"fr:gouv:culture:archivesdefrance:seda:v{version}"
        root = etree.fromstring(text.replace(space.encode(), b"fr:gouv:culture:archivesdefrance:seda:v2.2"))
        etree.XMLSchema(etree.parse(_SCHEMA)).assertValid(root)
        named = {"s": space}
        files = etree.fromstring(text).findall(".//s:BinaryDataObject", named)
        told = {each.findtext("s:Uri", namespaces=named): each for each in files}
        assert set(opened.namelist()) == {"manifest.xml", *told}
        for uri, each in told.items():
            content = opened.read(uri)
            assert each.findtext("s:MessageDigest", namespaces=named) == hashlib.sha512(content).hexdigest()
            assert each.findtext("s:Size", namespaces=named) == str(len(content))
    assert {"content/1/dossier.pdf", "content/1/historique.json", "content/1/piece-1.pdf"} == set(told)
    printed = pypdf.PdfReader(io.BytesIO(opened.read("content/1/dossier.pdf")))
    words = "".join(page.extract_text() for page in printed.pages)
    assert case.reference in words and CANARIES[1] in words
    rows = json.loads(opened.read("content/1/historique.json"))["rows"]
    assert rows[-1]["hash"] == bytes(Case.objects.get(pk=case.pk).history_hash).hex()


def test_a_file_that_changed_on_the_disk_is_not_handed_over(archives, handed_over):
    _case, slip = handed_over
    (file,) = (path for path in archives.folder.rglob("*") if path.is_file())
    file.write_bytes(b"other")
    with pytest.raises(ArchiveRefused, match="plus celui"):
        package.write(slip, "2.2", io.BytesIO())
    file.unlink()
    with pytest.raises(ArchiveRefused, match="manque"):
        package.write(slip, "2.2", io.BytesIO())
