"""What a button does and what a chat's next words answer, as types, and how both are written as text."""
