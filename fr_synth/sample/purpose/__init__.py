"""Purposes: why somebody goes on with one request after another, over tools of which nobody wrote stories."""
