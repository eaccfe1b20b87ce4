"""What is written in Slack to the content tree, and back."""
