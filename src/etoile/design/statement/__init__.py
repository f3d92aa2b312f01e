"""What a product declares of its own pages: the accessibility statement (RGAA), in the mandatory format.

Here because both products have screens and owe the same page; each keeps its record where its other data are.
"""
