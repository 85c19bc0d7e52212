"""Read documents in processes of their own, and check every message that they could make."""
