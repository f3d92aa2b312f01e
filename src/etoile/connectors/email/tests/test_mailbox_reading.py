"""The mailbox is read by pages; killed anywhere, nothing is lost, and what was recorded is put away afterwards."""

import pytest
from starlette.responses import JSONResponse

from etoile.connectors.email import CONNECTOR, letters, marks, quoting
from etoile.connectors.email.configuration import Replies
from etoile.connectors.email.imap import Credential, Mailbox
from etoile.connectors.email.imap_double import PASSWORD, Postbox
from etoile.connectors.email.reading import step
from etoile.connectors.email.tests.test_replies import KEY, Desk, box, desk, reply_to
from etoile.sdk import Door, DoorError
from etoile.sdk.testing import serve

__all__ = ["box", "desk"]


def told(polled):
    return [*polled.returned, *polled.posted, *polled.refused]


async def test_what_was_read_is_put_away_by_the_reading_that_follows(desk):
    _, sent = await desk.send()
    desk.put(reply_to(sent, "TRAITÉ"))
    first = await desk.poll()
    assert (first.more, len(desk.box.messages("INBOX")), desk.box.messages("INBOX")[0].flags) == (True, 1, set())
    second = await desk.poll(first.cursor)
    assert (told(second), second.more, desk.box.messages("INBOX")) == ([], False, [])
    assert len(desk.box.messages("Lus")) == 1


@pytest.mark.parametrize("obeying", [False, True])
async def test_cut_at_any_command_a_reading_is_made_again_and_loses_nothing(desk, obeying):
    _, sent = await desk.send()
    for number in range(2):
        desk.put(reply_to(sent, f"Message {number}", Message_ID=f"<{number}@x>"))
    expected = told(await desk.poll())
    cursor, found, cuts = None, [], 0
    desk.box.obeying = obeying
    for cut_at in range(9):
        desk.box.cut_at = cut_at
        try:
            polled = await desk.poll(cursor)
        except DoorError:
            cuts += 1
            continue
        finally:
            desk.box.cut_at = None
        # Recorded: only now does the cursor move.
        found, cursor = found + told(polled), polled.cursor
    while (polled := await desk.poll(cursor)).more:
        found, cursor = found + told(polled), polled.cursor
    assert cuts > 4
    assert found == expected
    assert desk.box.messages("INBOX") == []
    assert len(desk.box.messages("Lus")) == 2


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 UIDPLUS", "IMAP4rev1"])
async def test_a_server_that_cannot_move_copies_then_erases(capabilities):
    with Postbox(capabilities) as box:
        async with Door([f"127.0.0.1:{box.port}"]) as door:
            desk = Desk(None, box, door)
            mark = marks.make(KEY, marks.name_of("k"))
            box.put("INBOX", f"From: a@b.fr\nSubject: [{mark}]\n\nTRAITÉ\n".encode())
            await desk.poll((await desk.poll()).cursor)
            assert [each.content.count(b"Subject") for each in box.messages("Lus")] == [1]
            left = box.messages("INBOX")
            assert left == [] if "UIDPLUS" in capabilities else left[0].flags == {r"\Deleted", r"\Seen"}


async def test_without_an_archive_what_was_read_is_marked_as_read(desk):
    _, sent = await desk.send()
    desk.put(reply_to(sent, "TRAITÉ"))
    polled = await desk.poll(poll={"archive": None})
    await desk.poll(polled.cursor, poll={"archive": None})
    assert [each.flags for each in desk.box.messages("INBOX")] == [{r"\Seen"}]


async def test_a_mailbox_made_anew_tells_the_same_again(desk):
    _, sent = await desk.send()
    desk.put(reply_to(sent, "Bonjour"))
    first = await desk.poll(poll={"archive": None})
    desk.box.validity += 1
    again = await desk.poll(first.cursor, poll={"archive": None})
    assert told(again) == told(first)
    assert [each.flags for each in desk.box.messages("INBOX")] == [set()]


async def test_more_than_a_page_is_read_in_several_readings(desk):
    _, sent = await desk.send()
    for number in range(30):
        desk.put(reply_to(sent, f"Message {number}", Message_ID=f"<{number}@x>"))
    cursor, sizes, more = None, [], True
    while more:
        polled = await desk.poll(cursor)
        cursor, more = polled.cursor, polled.more
        sizes.append(len(polled.posted))
    assert sizes == [25, 5, 0]
    assert len(desk.box.messages("Lus")) == 30


async def test_a_reading_short_of_time_stops_before_the_end_and_goes_on_later(desk):
    _, sent = await desk.send()
    for number in range(3):
        desk.put(reply_to(sent, f"Message {number}", Message_ID=f"<{number}@x>"))
    mailbox = Mailbox(
        await desk.door.connect("127.0.0.1", desk.box.port), Replies(**desk.box.settings), Credential(PASSWORD), 5
    )
    try:
        first = step(mailbox, Replies(**desk.box.settings), (KEY,), "ville.example.fr", None, until=0)
        second = step(mailbox, Replies(**desk.box.settings), (KEY,), "ville.example.fr", first.cursor)
    finally:
        mailbox.close()
    assert ([len(each.posted) for each in (first, second)], first.more) == ([1, 2], True)


async def test_a_huge_message_is_read_by_its_beginning(desk):
    _, sent = await desk.send()
    made = reply_to(sent, "Voici les plans.")
    made.add_attachment(b"\0" * 3_000_000, maintype="application", subtype="pdf", filename="plan.pdf")
    desk.put(made)
    [(_, posted)] = (await desk.poll()).posted
    assert posted.body.startswith("Voici les plans.") and "1 fichier joint" in posted.body


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("down", "ne répond pas"),
        ("unavailable", "refuse notre identifiant|réponse inattendue|ne répond pas"),
        ("unauthorized", "refuse notre identifiant"),
        ("truncated", "ne répond pas"),
    ],
)
async def test_each_failure_of_the_mailbox_is_named_for_what_it_is(desk, fault, words):
    _, sent = await desk.send()
    desk.put(reply_to(sent, "TRAITÉ"))
    desk.box.faults.set(fault)
    with pytest.raises(DoorError, match=words):
        await desk.poll()
    desk.box.faults.set(None)
    assert len(told(await desk.poll())) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"folder": "Absent"}, "pas de dossier « Absent »"),
        ({"authority": None}, "certificat"),
        ({"username": "x"}, "refuse"),
    ],
)
async def test_a_wrong_setting_says_which(desk, changes, words):
    with pytest.raises(DoorError, match=words):
        await desk.poll(poll=changes)
    checks = await CONNECTOR.check(desk.context(poll=changes))
    assert [each.ok for each in checks] == [True, False]
    assert words.split(" «")[0] in checks[1].message


async def test_a_mailbox_that_takes_no_password_is_opened_by_a_token_asked_again_when_refused(desk):
    given = []

    async def tokens(scope, receive, send):
        if scope["type"] == "http":
            given.append(f"token-{len(given)}")
            await JSONResponse({"access_token": given[-1], "expires_in": 3600})(scope, receive, send)

    with serve(tokens) as address:
        async with Door([f"127.0.0.1:{desk.box.port}", address.partition("://")[2]]) as door:
            desk.door, desk.box.token = door, "token-0"
            oauth2 = {"kind": "oauth2", "token_url": f"{address}/token", "client_id": "hub"}
            named = {"secrets": {"client_secret": "s", "reply_key": KEY}, "poll": {"oauth2": oauth2}}
            for _ in range(2):
                assert told(await desk.poll(**named)) == []
            desk.box.token = "token-1"
            with pytest.raises(DoorError, match="jeton"):
                await desk.poll(**named)
            assert told(await desk.poll(**named)) == []
    assert given == ["token-0", "token-1"]


async def test_a_mailbox_of_the_inside_is_refused_unless_allowed(desk):
    async with Door() as closed:
        desk.door = closed
        with pytest.raises(DoorError, match="réseau interne"):
            await desk.poll()


async def test_the_check_opens_the_mailbox_and_leaves_it_as_it_is(desk):
    _, sent = await desk.send()
    desk.put(reply_to(sent, "TRAITÉ"))
    assert [each.ok for each in await CONNECTOR.check(desk.context())] == [True, True]
    assert desk.box.messages("INBOX")[0].flags == set()
    assert [each.ok for each in await CONNECTOR.check(desk.context(secrets={}))] == [True, False]


@pytest.mark.parametrize("offered", [True, False])
async def test_starttls_is_asked_and_no_password_is_said_without_it(offered):
    with Postbox(tls=False) as box:
        box.offers_starttls = offered
        async with Door([f"127.0.0.1:{box.port}"]) as door:
            desk = Desk(None, box, door)
            if offered:
                assert told(await desk.poll()) == []
            else:
                with pytest.raises(DoorError, match="chiffrée"):
                    await desk.poll()
            assert ("LOGIN" in box.commands) is offered


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Oui.\n\nLe lun. 28 nov. 2026 à 10:00, Ville <hub@ville.fr> a\nécrit :\n\n> Bonjour", "Oui."),
        ("Oui.\n\nOn Mon, Nov 28, 2026, Town <hub@ville.fr> wrote:\n> Hello", "Oui."),
        ("Oui.\n\n-----Message d'origine-----\nDe : Ville", "Oui."),
        ("Oui.\n________________________________\nDe : Ville", "Oui."),
        ("Oui.\n\nDe : Ville <hub@ville.fr>\nEnvoyé : lundi", "Oui."),
        ("Oui.\n\n> --- Répondez au-dessus de cette ligne ---", "Oui."),
        ("Oui.\n\nEnvoyé de mon iPhone", "Oui."),
        ("De : la voirie, pour vous.\nLe chantier avance.", "De : la voirie, pour vous.\nLe chantier avance."),
    ],
)
def test_the_quoted_message_is_left_out(written, kept):
    assert quoting.without_quote(written) == kept


def test_a_reply_in_html_alone_is_read():
    mark = marks.make(KEY, marks.name_of("k"))
    page = (
        "<html><head><style>p{}</style></head><body><p>Bonjour&nbsp;Madame,</p><div>Nous   passons<br>mardi.</div>"
        "<blockquote>TRAITÉ</blockquote></body></html>"
    )
    head = f"From: a@b.fr\nSubject: [{mark}]\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    letter = letters.read((head + page).encode(), [KEY])
    assert letter.text.splitlines() == ["Bonjour Madame,", "", "Nous passons", "mardi."]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"Content-Type: multipart/report\n\n", b"From: \xff@x\nTo: <\n\n"]
)
def test_what_cannot_be_read_is_nobody_s(content):
    assert letters.read(content, [KEY]).kind is letters.Kind.STRANGE


@pytest.mark.parametrize("charset", ["latin-9", "x-unknown", "utf-8"])
def test_a_text_in_any_charset_is_read(charset):
    mark = marks.make(KEY, marks.name_of("k"))
    body = "TRAITÉ".encode("windows-1252" if charset != "utf-8" else "utf-8")
    head = f"From: a@b.fr\nSubject: [{mark}]\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n\n"
    assert letters.read(head.encode() + body, [KEY]).text == "TRAITÉ"
