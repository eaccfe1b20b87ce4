"""The demo: a made-up hearing, its submissions, and the people who answer them."""
