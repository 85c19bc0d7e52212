"""Delivery: what was planned for whom, what became of it, and the doer that carries it out."""
