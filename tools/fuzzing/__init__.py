"""Seeded, structure-aware mutation of everything that tfcheck reads, and what must hold of it."""
