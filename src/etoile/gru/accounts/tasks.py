"""Each night: what ended by itself."""

from procrastinate.contrib.django import app

from etoile.gru.accounts import proofs, sessions


@app.periodic(cron="43 3 * * *")
@app.task(name="accounts.forget", queueing_lock="accounts.forget")
def forget(timestamp: int) -> None:
    proofs.forget()
    sessions.forget()
