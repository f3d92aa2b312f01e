"""What agents keep beside a case: notes, labels, what they watch, answers written once, cases that go together.

The person sees none of it. Each module holds the verbs of one thing and is its only writer.
"""
