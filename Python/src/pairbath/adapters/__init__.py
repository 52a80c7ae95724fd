"""Adapters to other packages: one file each, the other package is imported when it is needed."""
