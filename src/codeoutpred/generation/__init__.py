"""Where programs come from: generators, registered by name."""
