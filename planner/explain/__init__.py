"""Why a plan is what it is: what one chip is worth in another, why not that system, what limits and rules cost."""
