"""Building a condition by sentences: the whole tree is in the page, each button sends it back changed."""
