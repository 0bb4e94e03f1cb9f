"""The profiler: exact counts and times of paths, nodes and constraints, while a program runs.

Nothing of it is loaded before a profile is asked for. From then on the program is bound twice
more, with the same functions and the same locks in wrappers that stamp a flow's record
(`wrappers`), and sources choose for each turn whether its flow is recorded (`twins`). At its end
a record is filed with those of its shape (`ledger`), and many of them are added up at once
(`sums`), when there are enough or somebody asks (`snapshot`, `report`, `metrics`, `listener`).
"""
