"""What a case is due for by the passing of time: found by the worker, done one case at a time."""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from etoile.gru.cases.models import Case
from etoile.gru.cases.states import OPEN

log = structlog.get_logger(__name__)

# What one run takes; the rest is at the next.
BATCH = 500


def each(due: QuerySet[Case], act: Callable[[Case], bool], *, by: str) -> int:
    """Act on the open cases of `due`, the first by `by` first; how many `act` says it did something for.

    One transaction a case, its row locked and read again: killed anywhere, what was done is not done again and the rest
    is at the next run. A row that another transaction holds is left to the next run too. A case that fails keeps no
    other waiting: its error is raised once all are done.
    """
    waiting = due.filter(state__in=sorted(state.value for state in OPEN))
    done, failures = 0, []
    for pk in waiting.order_by(by).values_list("pk", flat=True)[:BATCH]:
        try:
            with transaction.atomic():
                case = (
                    waiting.select_for_update(of=("self",), skip_locked=True)
                    .select_related("authority", "procedure_version__procedure", "team")
                    .filter(pk=pk)
                    .first()
                )
                done += case is not None and act(case)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("case_due_failed", case=str(pk))
            failures.append(error)
    if failures:
        raise failures[0]
    return done
