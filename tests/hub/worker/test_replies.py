"""The whole way of a message to a team: it leaves, is answered, and the case is told; a bounce waits for a person."""

from email import message_from_bytes, policy

from etoile.connectors.email.double import Letterbox
from etoile.connectors.email.imap_double import PASSWORD, Postbox
from etoile.hub.delivery.models import Delivery, Poll
from etoile.hub.registry.models import Subscription
from etoile.sdk.connector import discover
from tests.hub.worker.conftest import Stub, publish, work
from tests.hub.worker.test_polling import again, statuses

BOUNCE = """From: MAILER-DAEMON@mx.example.net
Subject: failure notice
In-Reply-To: {id}

No such user.
"""
REPLY = """From: agente@ville.example.fr
To: {address}
Subject: Re: Demande
Message-ID: <answer@ville.example.fr>

TRAITÉ : le trou est rebouché.
"""


def sent(letterbox):
    return [message_from_bytes(content, policy=policy.default) for content in letterbox.messages]


def test_a_team_answers_and_the_case_is_told_and_what_bounces_waits_for_a_person(star, settings):
    with Letterbox() as letterbox, Postbox() as postbox:
        settings.HUB_SMTP_URL = letterbox.url
        settings.HUB_ALLOWED_PRIVATE_ADDRESSES = [f"127.0.0.1:{postbox.port}"]
        Subscription.objects.filter(slug="works-submitted").update(
            connector="email",
            configuration={
                "sender": "reponses@ville.example.fr",
                "to": "voirie@ville.example.fr",
                "poll": {**postbox.settings, "every": 5},
            },
            secrets={"mailbox_password": PASSWORD, "reply_key": "a key that signs the marks"},
        )
        connectors = {"stub": Stub(), "email": discover()["email"]}
        publish("case/1", 1)
        publish("case/2", 1)
        mine = Delivery.objects.filter(subscription_id=Subscription.objects.get(slug="works-submitted").id)
        work(connectors, until=lambda: mine.filter(state="acknowledged").count() == 2)
        answered, bounced = sent(letterbox)
        postbox.put("INBOX", REPLY.format(address=answered["Reply-To"]).encode())
        postbox.put("INBOX", BOUNCE.format(id=bounced["Message-ID"]).encode())
        again()
        work(connectors, until=lambda: bool(statuses()) and len(postbox.messages("Lus")) == 2)

    [status] = statuses()
    assert (status.data["status"], status.data["message"]) == ("closed", "le trou est rebouché.")
    assert mine.get(subject=status.subject).state == "acknowledged"
    refused = mine.exclude(subject=status.subject).get()
    assert (refused.state, refused.outcome) == ("rejected", "manual")
    assert refused.detail.startswith("Le courriel est revenu : ")
    assert Poll.objects.get(subscription_id=refused.subscription_id).last_error in (None, "")
