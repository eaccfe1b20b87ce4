"""The way out: what we owe Slack is posted once, drawn again when facts change, and brought back."""
