import sys

from etoile.doubles.simulation.process import parse, run
from etoile.doubles.vie_locale.application import build

if __name__ == "__main__":
    settings = parse("vie_locale", 8204)
    sys.exit(run(build(settings), settings))
