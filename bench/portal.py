"""The demonstration's town, served by the real web process, and the pages of it that are measured."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from etoile.demo.answers import roadworks
from etoile.demo.journey import AGENT
from etoile.demo.people import Agent, Citizen
from etoile.demo.stage import FACTOR, Ports, Stage

PROCEDURE = roadworks().slug


@dataclass(frozen=True)
class Visit:
    """One page: its name in the table, its address, and the cookies of who opens it."""

    name: str
    url: str
    cookies: dict[str, str]


class Portal:
    """The town, up until the end of the `with`, its folder removed then."""

    def __enter__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="etoile-bench-"))
        self._stage = Stage(self._folder, Ports.free(), output=(self._folder / "log").open("w"))
        try:
            self._stage.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        self._stage.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def visits(self):
        """Home, procedure, form, follow-up, and the agents' list with a request in it."""
        home = self._stage.gru

        citizen = Citizen(home)
        sheet = citizen.browser.get(f"{home}/demarches/{PROCEDURE}/remplir/")
        form = citizen.browser.submit(sheet, sheet.form(action="/remplir/"))
        filed = Citizen(home).file(roadworks())
        agent = Agent(home, AGENT, self._stage.secret("demo-agent-password"), self._stage.secret(FACTOR))
        return [
            Visit("home", f"{home}/", {}),
            Visit("procedure", f"{home}/demarches/{PROCEDURE}/", {}),
            Visit("form", form.url, cookies(citizen)),
            Visit("follow-up", filed.tracking, {}),
            Visit("agents", f"{home}/agents/", cookies(agent)),
        ]


def cookies(person):
    return {name: value for each in person.browser.cookies.values() for name, value in each.items()}
