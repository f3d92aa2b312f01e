"""The legal clock of a case (code of relations between the public and the administration, CRPA).

`dates`, `working_days` and `silence` are plain arithmetic on local dates; `running` reads a case and keeps its date;
`implicit` and `warnings` are what happens by itself.
"""
