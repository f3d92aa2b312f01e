"""The checks, by name, in the order in which they are made and shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from etoile.sdk.conformance.bench import Bench
from etoile.sdk.conformance.findings import Failed, Finding, Unconcerned, Untested, Verdict

Run = Callable[[Bench], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing every connector must show. `run` returns what was seen (French), or raises Failed, Untested,
    Unconcerned."""

    name: str
    french: str
    english: str
    run: Run

    async def judge(self, bench: Bench) -> Finding:
        try:
            verdict, words = Verdict.PASSED, await self.run(bench)
        except Failed as failed:
            verdict, words = Verdict.FAILED, str(failed)
        except Untested as untested:
            verdict, words = Verdict.UNTESTED, str(untested)
        except Unconcerned as unconcerned:
            verdict, words = Verdict.UNCONCERNED, str(unconcerned)
        except Exception as error:
            # A connector or a double that raises where nobody expected it must show as one line, not end the others.
            verdict, words = Verdict.FAILED, f"{type(error).__name__} : {error}"
        return Finding(self.name, self.french, self.english, verdict, words)
