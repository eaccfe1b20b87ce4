"""Slack's Web API as our bot user calls it: what it answers, refuses and allows, and how fast."""
