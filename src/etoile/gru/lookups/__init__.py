"""The door to the hub for questions: asked while somebody waits, answered within seconds or not at all.

Nothing is kept here. What is asked, when, and what becomes of the answer is decided by `filling`.
"""
