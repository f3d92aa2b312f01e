import sys

from etoile.doubles.services_techniques.application import build
from etoile.doubles.simulation.process import parse, run

if __name__ == "__main__":
    settings = parse("services_techniques", 8202)
    sys.exit(run(build(settings), settings))
