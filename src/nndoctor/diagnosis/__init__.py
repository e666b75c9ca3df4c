"""Rules, events and facts become a ranked Diagnosis."""
