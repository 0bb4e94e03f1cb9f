"""What was predicted, as text, JSON, CSV and a picture."""
