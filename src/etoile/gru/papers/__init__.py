"""Letters as PDF: what is said is given as data, how it looks is one template.

Each file is PDF/UA-1 (read aloud, ISO 14289-1) and PDF/A-3a (kept for ever, ISO 19005-3) at once. No model, no page.
"""
