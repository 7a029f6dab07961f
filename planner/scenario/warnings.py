"""What may be meant but rarely is: warnings by code, each of which a scenario can silence (`silence: [code]`)."""

WARNINGS = {
    "base-over-racks": "more is installed in a hall than it has rack positions for: a part is retired at once",
    "base-over-power": "more is installed in a hall than it ever has power for: a part stays off for good",
    "base-over-grid": "more is installed at a site than its grid contract ever feeds: a part stays off for good",
    "idle-limit": "a limit on what is bought that covers nothing which could be bought or is there",
    "supply-ends": "the plan lasts longer than any supply record that it takes a share of: nothing can be had after",
    "impossible-work": "work that nothing which may be had can do, or not as early as it is asked for",
    "base-misfit": "what is installed stands in a hall that it does not fit: it stays, no more may come",
    "dark-site": "power cuts that leave a site nothing",
    "late-option": "an expansion or retrofit that would not be ready within the plan: it is never taken",
    "idle-offer": "an offer for rent of which nothing can be rented",
    "no-supply": "a system named under `systems.include` of which supply never makes up one",
    "over-limit": "a limit on what is bought that the installed base or the pending orders alone overstep",
    "homeless-order": "a pending order of systems that fit no hall",
    "steep-rate": "a discount rate below zero, or a rate above 50 % a year: perhaps a percentage without its sign",
    "matrix-range": "coefficients of the program more than a million times apart: rounding may show",
    "blocked-purchases": "shares or bundles under which nothing that can be had may be bought",
    "base-expired": "what is installed is past its life when the plan starts, or older than its product",
    "step-between": "a value that changes within a period: it counts from the next period on, or never",
    "odd-tariff": "a tariff ten times its region's, or a tenth of it: perhaps another unit",
    "free-miss": "work that costs nothing to miss, where cost is sought: it is never done",
    "idle-mix": "two kinds of system that may work together and never can",
    "free-energy": "a site whose energy costs nothing: what runs there is never switched off",
    "free-system": "a system that may be bought or rented, an order or a step of power that costs nothing",
    "dominated-system": "a system that may be bought and is no better than another in anything",
}
"""What each code says; codes are stable."""
