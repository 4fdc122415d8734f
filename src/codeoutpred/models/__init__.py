"""Models: presets, loading, and the embedded `tiny` model."""
