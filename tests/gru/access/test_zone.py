"""The day of a request is that of the authority it is for."""

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from etoile.gru.access.middleware import AuthorityMiddleware


@pytest.mark.parametrize(("zone", "day"), [("Europe/Paris", 30), ("Indian/Reunion", 1), ("America/Martinique", 30)])
def test_a_request_has_the_day_of_its_town(town, zone, day):
    type(town.authority).objects.filter(pk=town.authority.pk).update(timezone=zone)
    seen = []

    def view(request):
        seen.append(timezone.localdate().day)
        return HttpResponse()

    request = HttpRequest()
    request.META |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    with time_machine.travel("2026-11-30T21:30:00Z", tick=False):
        AuthorityMiddleware(view)(request)
    assert seen == [day]
    assert timezone.get_current_timezone_name() == "Europe/Paris"
