"""From a profile to a model: what calls cost, how often paths were gone, and what that rests on."""
