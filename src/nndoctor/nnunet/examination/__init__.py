"""Many image files are looked at: what to read, who reads it, and what was seen, case by case."""
