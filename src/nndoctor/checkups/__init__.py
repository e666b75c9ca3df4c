"""Checks before a run: files and this machine become problems and facts, these a Diagnosis."""
