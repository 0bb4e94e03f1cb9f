"""Other programs and machines than the one that is there: said in words, or worth a trial."""
