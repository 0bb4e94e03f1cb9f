"""From a Plan to the routes of its flows: what happens on a path, as steps of a model."""
