"""Clients of external services that are not engines: Stripe, mail, fal's webhooks, identity providers' keys."""
