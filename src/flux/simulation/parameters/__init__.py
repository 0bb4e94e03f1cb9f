"""Files of parameters: read with all that is wrong with them told at once, and written."""
