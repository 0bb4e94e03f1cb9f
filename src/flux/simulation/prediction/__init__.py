"""What is told of a model: runs, intervals, sweeps, the smallest machine, what would help, reports.

`replications` runs a model many times and says what the runs agree on; `sweeps`, `sizing`,
`alternatives` and `replay` ask that of many models. The engine is passed in as a function, and
`wiring` alone knows where it comes from.
"""
