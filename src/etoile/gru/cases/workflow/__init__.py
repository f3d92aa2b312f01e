"""A case under the workflow of its procedure: who may move it, what follows, what time does."""
