import sys

from etoile.doubles.simulation.process import parse, run
from etoile.doubles.urbanisme.application import build

if __name__ == "__main__":
    settings = parse("urbanisme", 8203)
    sys.exit(run(build(settings), settings))
