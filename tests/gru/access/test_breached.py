"""ASVS 6.2.4, 6.2.12: what is tried first is refused, whatever it wears."""

import hashlib

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from etoile.gru.access import breached

REFUSED = (
    "motdepasse", "Mot de passe 2026 !", "M0td3p@ss3", "M0tdepasse!2024", "azertyuiop123456", "Azertyuiop-Qsdfghjklm",
    "1qaz2wsx3edc4rfv", "abcabcabcabcabcabc", "aaaaaaaaaaaaaaa", "jetaimejetaime", "Je t’aime, mon amour",
    "Bonjour Mairie 49000", "correct horse battery staple", "Que la Force soit avec toi", "Été-hiver 2026",
    "012345678901234", "q1w2e3r4t5y6u7i8o9p0", "administrator2026", "manchesterunited", "Liberté, Égalité, Fraternité",
    "bonjour 0123456789", "", "   ",
)  # fmt: skip
ACCEPTED = (
    "une phrase assez longue", "le vélo rouillé dort sous l’escalier", "girafe tambour compas moutarde",
    "bonjour 738201946253", "xk7 vQp 2mL wR9 tzb", "quatre-vingt-deux parapluies orange", "漢字の長い合言葉です",
    "chat " * 40 + "k7 vQp wR9 2mL",
)  # fmt: skip


@pytest.mark.exigence("ASVS 6.2.4")
def test_common_words_stay_common_in_their_usual_disguises():
    assert [each for each in REFUSED if not breached.known(each)] == []
    assert [each for each in ACCEPTED if breached.known(each)] == []


def leaked(count, *more):
    words = [*(f"phrase volée numéro {number}" for number in range(count)), *more]
    digests = sorted(hashlib.sha1(each.encode()).hexdigest().upper() for each in words)
    return words, "".join(f"{digest}:{number % 37}\r\n" for number, digest in enumerate(digests))


@pytest.mark.exigence("ASVS 6.2.12")
@pytest.mark.parametrize("count", [0, 1, 2, 3, 1000])
def test_each_line_of_the_operators_file_is_found_and_nothing_else(count, tmp_path):
    words, lines = leaked(count)
    file = tmp_path / "pwned.txt"
    file.write_bytes(lines.encode())
    assert all(breached.listed(file, each) for each in words)
    assert not any(breached.listed(file, f"phrase gardée numéro {number}") for number in range(200))


def test_some_thirty_lines_are_read_of_a_file_of_any_size(tmp_path, monkeypatch):
    file = tmp_path / "pwned.txt"
    file.write_bytes(leaked(20_000)[1].encode())
    reads = []
    monkeypatch.setattr(breached, "_line", lambda read: reads.append(1) or read(breached.MOST_READ))
    assert not breached.listed(file, "girafe tambour compas moutarde")
    assert len(reads) <= 2 * 22


def test_a_leaked_one_is_refused_in_words_and_a_broken_file_is_told(tmp_path, settings, capsys):
    file = tmp_path / "pwned.txt"
    file.write_bytes(leaked(50, "girafe tambour compas moutarde")[1].encode())
    settings.BREACHED_PASSWORDS = str(file)
    with pytest.raises(ValidationError, match="essaie d’abord"):
        validate_password("girafe tambour compas moutarde")
    call_command("gru_passwords")
    assert "can be read" in capsys.readouterr().out
    for broken in ("une ligne\n" * 50, "x" * 100_000):
        file.write_text(broken)
        assert not breached.known("girafe tambour compas moutarde")
        with pytest.raises(CommandError, match="SHA-1"):
            call_command("gru_passwords")
    settings.BREACHED_PASSWORDS = str(tmp_path / "absent")
    assert not breached.known("girafe tambour compas moutarde")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("gru_passwords")
