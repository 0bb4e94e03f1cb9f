"""The program as every back end prints it."""
