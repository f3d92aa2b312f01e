"""The pages of simulated applications are read and used by everybody, on a phone too."""

import pytest

from etoile.sdk.faults import About, Control, Switch
from etoile.sdk.testing import serve
from tests.browser.harness.pages import Mode
from tests.browser.harness.visits import Visit


@pytest.mark.browser
@pytest.mark.parametrize("mode", [Mode("narrow", width=320), Mode("night", "dark")], ids=str)
def test_what_a_double_holds_is_read_and_a_fault_is_chosen(chromium, mode):
    held = [{"numéro": "R-1", "état": "Nouveau", "pièces": ["a.pdf"]}]
    switch = Switch()
    moved = []
    about = About("Registre", "Un registre.", lambda: held, lambda *told: moved.append(told))
    with serve(Control(switch, about=about)) as address:
        view = chromium.new_context(
            locale="fr-FR", color_scheme=mode.scheme, viewport={"width": mode.width, "height": 900}
        )
        visit = Visit(view.new_page(), address, mode)
        visit.page.on("console", lambda said: visit.complaints.append(said.text))
        visit.go("/")
        visit.check()
        visit.page.get_by_label("Comportement").select_option("disk_full")
        visit.page.get_by_role("button", name="Appliquer").click()
        assert "Le disque du serveur est plein." in visit.page.get_by_role("status").inner_text()
        visit.check()
        for name, value in (("Numéro", "R-1"), ("Code", "DONE"), ("Libellé", "Terminé")):
            visit.page.get_by_label(name).fill(value)
        visit.page.get_by_role("button", name="Changer").click()
        visit.page.get_by_role("button", name="Avancer d’une heure").click()
        assert "réglée à la main" in visit.page.inner_text("main")
        view.close()
    assert (switch.current.fault, moved) == ("disk_full", [("R-1", "DONE", "Terminé")])
