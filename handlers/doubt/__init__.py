"""What the bot must not decide: asked of a coordinator, decided, carried out."""
