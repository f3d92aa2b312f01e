"""The password of an account made from the command line."""

import pytest

from etoile.runtime import passwords

VARIABLE = "SOME_PASSWORD"


@pytest.fixture
def typed(monkeypatch):
    """What a person types, one line after the other; nobody is at the keyboard when it is empty."""
    lines: list[str] = []

    def ask(prompt: str) -> str:
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(passwords.getpass, "getpass", ask)
    return lines


def test_a_file_goes_before_the_variable_which_goes_before_the_keyboard(tmp_path, monkeypatch, typed) -> None:
    typed += ["typed and fake", "typed and fake"]
    assert passwords.asked(None, VARIABLE) == "typed and fake"
    monkeypatch.setenv(VARIABLE, "given and fake")
    assert passwords.asked(None, VARIABLE) == "given and fake"
    file = tmp_path / "password"
    file.write_text("written and fake\n", encoding="utf-8")
    assert passwords.asked(file, VARIABLE) == "written and fake"


def test_what_gives_no_password_is_said_in_words(tmp_path, typed) -> None:
    with pytest.raises(passwords.PasswordError, match="cannot be read"):
        passwords.asked(tmp_path / "absent", VARIABLE)
    with pytest.raises(passwords.PasswordError, match=f"--password-file or {VARIABLE}"):
        passwords.asked(None, VARIABLE)
    typed += ["one", "another"]
    with pytest.raises(passwords.PasswordError, match="differ"):
        passwords.asked(None, VARIABLE)
