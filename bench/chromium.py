"""The browser of the benchmarks and of the browser tests: the one `etoile doctor` looks for, and how it is started."""

import shutil

from etoile.runtime.diagnosis import BROWSERS

CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
