"""What may be meant but rarely is: warnings by code, each of which a scenario can silence (`silence: [code]`)."""

WARNINGS = {
    "free-energy": "a site whose energy costs nothing: what runs there is never switched off",
    "free-system": "a system that may be bought and costs nothing",
    "dominated-system": "a system that may be bought and is no better than another in anything",
}
"""What each code says; codes are stable."""
