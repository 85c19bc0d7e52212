"""Digests: what for whom, how it reads, and the doer that puts those due into the outbox."""
