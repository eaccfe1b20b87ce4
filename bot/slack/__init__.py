"""The Slack door: what people do there comes in, cards, threads and files go out."""
