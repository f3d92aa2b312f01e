"""What the README shows, run as it is written."""

import re
from pathlib import Path

from etoile.expressions import cel, functions

README = Path(cel.__file__).with_name("README.md")


def test_the_examples_of_the_readme_run_as_they_are_written():
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(compile(block, str(README), "exec"), {})


def test_the_functions_the_readme_names_are_offered():
    listed = README.read_text().partition("Beyond the specification:")[2].partition("and a few more")[0]
    assert set(re.findall(r"`([\w.]+)`", listed)) <= functions.EXTRA.keys()
