"""Plans that must live with what is not yet known: worlds, shared decisions, risk, regret."""
