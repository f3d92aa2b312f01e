import pytest

from etoile.contract.schemas import MESSAGE_TYPES
from etoile.hub.catalogue.models import MessageType
from etoile.hub.catalogue.services import synchronise

pytestmark = pytest.mark.django_db


def test_migrating_fills_the_catalogue_with_the_contract() -> None:
    assert set(MessageType.objects.values_list("type", flat=True)) == set(MESSAGE_TYPES)
    assert all(each.title_fr and each.title_en and each.title_fr != each.type for each in MessageType.objects.all())


def test_a_type_gone_from_the_contract_is_kept_but_no_longer_in_force() -> None:
    MessageType.objects.create(type="org.etoile.case.old.v1", version=1, title_fr="Ancien", title_en="Old")
    synchronise()
    assert MessageType.objects.get(type="org.etoile.case.old.v1").in_force is False
    assert MessageType.objects.filter(in_force=True).count() == len(MESSAGE_TYPES)
