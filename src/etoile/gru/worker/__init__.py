"""The GRU's background process (`python -m etoile.gru.worker`): it publishes the outbox and runs the jobs.

As many as wanted, on as many machines as wanted: rows are leased, jobs are locked.
"""
