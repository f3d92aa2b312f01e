from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.gru.documents.samples import PDF
from tests.gru.forms.conftest import teams_for

from etoile.gru.access.models import Authority
from etoile.gru.documents.models import Document
from etoile.gru.filling import files, opened, services
from etoile.gru.filling.opened import Filling
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.services import load, publish

FOLDER = Path(__file__).parents[3] / "procedures"

APPLICANT = {
    "applicant_civility": "MADAME",
    "applicant_family_name": "Martin",
    "applicant_given_names": "Camille",
    "applicant_email": "camille.martin@exemple.fr",
    "applicant_phone": "06 39 98 01 23",
    "applicant_address": {"lines": "12 rue des Tilleuls", "postal_code": "49999", "city": "Valmont-sur-Loire"},
}
PROBLEM = {"categorie": "mobilier", "danger": "no", "description": "Le banc est cassé depuis lundi"}
PLACE = {"lieu": "devant le 12 rue des Tilleuls"}


@dataclass
class Form:
    """A person at their browser: it knows the draft and its key, and posts pages."""

    authority: Authority
    version: ProcedureVersion
    filling: Filling = field(init=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        draft, self.key = services.start(self.version)
        self.filling = self.again(draft.id)

    @property
    def id(self) -> Any:
        return self.filling.draft.id

    def again(self, identifier: Any = None) -> Filling:
        self.filling = opened.resume(identifier or self.id, self.key, authority=self.authority)
        return self.filling

    def save(self, page: str, answers: dict[str, Any]) -> Any:
        filling = self.again()
        found = filling.definition.page(page)
        assert found is not None
        return services.save_page(filling, found, answers)

    def attach(self, name: str, content: bytes = PDF, file: str = "piece.pdf") -> Document:
        filling = self.again()
        asked = filling.definition.field(name)
        assert asked is not None
        return files.attach(filling, asked, SimpleUploadedFile(file, content))

    def confirm(self, **declarations: Any) -> Any:
        return services.confirm(self.id, self.key, authority=self.authority, declarations=declarations)


@pytest.fixture
def folder(settings, tmp_path):
    settings.DOCUMENTS_FOLDER = tmp_path / "documents"
    return settings.DOCUMENTS_FOLDER


@pytest.fixture
def teams(town):
    teams_for(town.authority)
    return town


@pytest.fixture
def begin(teams, folder):
    """`begin("signalement-voirie")`: publish a ready-made procedure and open a draft of it."""

    def begun(slug: str) -> Form:
        version = publish(load(teams.authority, yaml.safe_load((FOLDER / f"{slug}.yaml").read_text("utf-8"))))
        return Form(teams.authority, version)

    return begun


@pytest.fixture
def report(begin):
    """A report whose three pages are answered."""
    form = begin("signalement-voirie")
    form.save("probleme", PROBLEM)
    form.save("lieu", PLACE)
    form.save("vos-coordonnees", APPLICANT)
    return form
