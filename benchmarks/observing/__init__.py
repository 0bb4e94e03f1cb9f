"""Predictions beside what servers did: what runs, under which conditions, and what is compared."""
