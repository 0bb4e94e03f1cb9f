"""Text to declarations, and back."""
