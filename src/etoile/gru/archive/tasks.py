"""What the worker does for the archives by itself."""

from procrastinate.contrib.django import app

from etoile.gru.archive import attachments, leaving, removing


@app.periodic(cron="23 2 * * *")
@app.task(name="archive.leave", queueing_lock="archive.leave")
def leave(timestamp: int) -> None:
    """Tell the people whose case leaves the pages soon; set apart those whose day has come; remove
    the files kept for a shorter time than their case."""
    leaving.run()
    attachments.run()


@app.periodic(cron="*/20 * * * *")
@app.task(name="archive.remove", queueing_lock="archive.remove")
def remove(timestamp: int) -> None:
    """Remove a slice of what the departmental archives agreed to."""
    removing.run()
