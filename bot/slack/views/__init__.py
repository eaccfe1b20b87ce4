"""Our values as Block Kit: what people see in messages, forms and home tabs."""
