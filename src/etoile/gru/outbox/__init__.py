"""The door to the hub: what this product publishes, kept until the hub has said it holds it.

`services.enqueue` writes one row in the caller's transaction; `sender` publishes the rows, in order for each subject.
"""
