"""The process killed at each step of a drop, for true: the next attempt leaves one whole file."""

import subprocess
import sys
import textwrap

STEPS = ["_write", "fsync", "link", "unlink", "after"]

KILLED = textwrap.dedent(
    """
    import asyncio, os, signal, sys
    from pathlib import Path
    from etoile.connectors.file_drop import folder
    from etoile.connectors.file_drop.configuration import Configuration
    from etoile.connectors.file_drop.connector import FileDrop
    from etoile.sdk.testing import EventFactory, make_context

    def die(*given, **named):
        os.kill(os.getpid(), signal.SIGKILL)

    def half(descriptor, block):
        os.write(descriptor, bytes(block[: len(block) // 2]))
        die()

    async def deliver(event, root, attempt):
        settings = {
            "place": {"kind": "folder", "path": root},
            "drop": {"checksum": True, "marker": ".ok", "format": {"kind": "csv", "columns": ["R"]}},
        }
        context = make_context(
            Configuration.model_validate(settings), event=event, attempt=attempt, folders=(root,),
            mapping={"R": "=event.data.case.reference"},
        )
        return await FileDrop().deliver(event, context)

    for step in sys.argv[2:]:
        root = f"{sys.argv[1]}/{step}"
        Path(root).mkdir()
        event = EventFactory().make(data={"documents": []})
        child = os.fork()
        if child == 0:
            if step == "_write":
                folder._write = half
            elif step == "unlink":
                Path.unlink = die
            elif step != "after":
                setattr(os, step, die)
            asyncio.run(deliver(event, root, 1))
            die()
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        outcome = asyncio.run(deliver(event, root, 2))
        shown = sorted(each.name for each in Path(root).iterdir() if not each.name.startswith("."))
        name = f"{outcome.external_id}.csv"
        assert (outcome.kind, shown) == ("acknowledged", [name, f"{name}.ok", f"{name}.sha256"]), (step, outcome, shown)
        assert Path(root, name).read_text() == f"R\\n{event.data['case']['reference']}\\n", step
        print(step)
    """
)


PICKED = textwrap.dedent(
    """
    import asyncio, json, os, signal, sys
    from pathlib import Path
    from etoile.connectors.file_drop.configuration import Configuration
    from etoile.connectors.file_drop.connector import FileDrop
    from etoile.sdk.testing import make_context

    BACK = {
        "mapping": 1, "name": "x", "application": "x", "type": "org.etoile.case.submitted.v1", "version": 1,
        "send": {"R": "=event.data.case.reference"},
        "return": {"code": "=answer.Etat", "statuses": {"CLOS": "closed"}},
    }

    def die(*given, **named):
        os.kill(os.getpid(), signal.SIGKILL)

    async def poll(cursor, root):
        settings = {
            "place": {"kind": "folder", "path": root},
            "drop": {"folder": "in", "format": {"kind": "csv", "columns": ["R"]}},
            "poll": {
                "folder": "out", "archive": "archive", "quarantine": "aside", "settle": 0, "marker": ".ok",
                "reading": {"number": "Numero"},
            },
        }
        context = make_context(Configuration.model_validate(settings), folders=(root,), mapping=BACK)
        return await FileDrop().poll(cursor, context)

    for step in sys.argv[2:]:
        root = f"{sys.argv[1]}/{step}"
        for name in ("in", "out", "archive", "aside"):
            Path(root, name).mkdir(parents=True)
        Path(root, "out", "a.csv").write_text("Numero;Etat\\n26-1;CLOS\\n")
        Path(root, "out", "a.csv.ok").touch()
        first = asyncio.run(poll(None, root))
        child = os.fork()
        if child == 0:
            if step == "unlink":
                Path.unlink = die
            elif step == "renamed":
                unlink = Path.unlink
                Path.unlink = lambda path, **named: unlink(path, **named) if path.name.endswith(".ok") else die()
            else:
                setattr(os, step, die)
            asyncio.run(poll(first.cursor, root))
            die()
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        again = asyncio.run(poll(first.cursor, root))
        left = [sorted(each.name for each in Path(root, name).iterdir()) for name in ("out", "archive", "aside")]
        told = [[number for number, _ in polled.returned] for polled in (first, again)]
        assert (told, left) == ([["26-1"], []], [[], ["a.csv"], []]), (step, told, left)
        print(step)
    """
)


def test_a_returned_file_whose_archiving_is_killed_at_any_step_is_told_once_and_archived_once(tmp_path):
    _ran(PICKED, tmp_path, ["unlink", "link", "renamed", "fsync"])


def test_a_drop_killed_at_any_step_ends_as_one_whole_file(tmp_path):
    _ran(KILLED, tmp_path, STEPS)


def _ran(script, folder, steps):
    ran = subprocess.run(
        [sys.executable, "-c", script, str(folder), *steps], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.stdout.split(), ran.returncode) == (steps, 0), ran.stderr
