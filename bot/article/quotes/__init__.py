"""Words worth repeating, and who said them."""
