"""Finding out whether messages arrived whose answers never came."""
