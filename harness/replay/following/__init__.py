"""Going along with a log through the model, and what that says of the device."""
