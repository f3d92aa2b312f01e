"""Look at this installation, and say what is wrong and how to mend it. The status is 1 if something is broken."""

import argparse
from typing import Final

from etoile.runtime.diagnosis import Verdict, examine

MARK: Final[dict[Verdict, str]] = {"right": "ok      ", "doubtful": "doubtful", "broken": "BROKEN  "}


def configure(parser: argparse.ArgumentParser) -> None:
    """No option."""


def run(args: argparse.Namespace) -> int:
    broken = 0
    for finding in examine():
        print(f"{MARK[finding.verdict]}  {finding.what}", flush=True)
        if finding.mend:
            print(f"          → {finding.mend}")
        broken += finding.verdict == "broken"
    print(f"\n{broken} to mend." if broken else "\nNothing is broken.")
    return 1 if broken else 0
