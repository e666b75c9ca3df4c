"""A pasted text becomes the start of a rule and its fixture."""
