"""What is known of one environment variable: a line of docs/environment.md."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """`default` is what the reader is told: a value, “needed”, or a sentence."""

    name: str
    kind: str
    default: str
    help: str
    secret: bool = False
