"""Which terms of payment a purchase has: the scenario's, the catalog's, or a deposit and a balance."""

from collections.abc import Iterable
from dataclasses import dataclass

from planner.catalog.ledger import Ledger
from planner.catalog.load import Catalog
from planner.catalog.resolve import ResolvedSystem
from planner.catalog.terms import Instalment, PaymentTerms
from planner.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms in the order in which they are tried, and the buyer they are for."""

    known: tuple[PaymentTerms, ...]
    deposit: float
    """Share paid with the order where none fit; the balance is paid on delivery."""
    buyer_country: str | None

    def of(self, system: ResolvedSystem) -> PaymentTerms | None:
        """The first terms that fit a purchase; None where it is a deposit and a balance."""
        return next((terms for terms in self.known if self._fit(terms, system)), None)

    def schedule(self, system: ResolvedSystem) -> tuple[Instalment, ...]:
        """Parts of the price of a system."""
        found = self.of(system)
        if found is not None:
            return found.schedule
        return (
            Instalment(share=self.deposit, at="order"),
            Instalment(share=1.0 - self.deposit, at="delivery"),
        )

    def refund(self, system: ResolvedSystem) -> float | None:
        """Share of what was paid that comes back on cancellation; None where no terms say so."""
        found = self.of(system)
        return None if found is None else found.refund

    def _fit(self, terms: PaymentTerms, system: ResolvedSystem) -> bool:
        named = (
            (terms.systems, system.id),
            (terms.accelerators, system.accelerator_id),
            (terms.vendors, system.vendor),
            (() if terms.buyer_country is None else (terms.buyer_country,), self.buyer_country),
        )
        if any(wanted and found not in wanted for wanted, found in named):
            return False
        if terms.origin is None:
            return True
        home = system.origin_country is not None and system.origin_country == self.buyer_country
        return home == (terms.origin == "domestic")


def terms(catalog: Catalog, scenario: Scenario) -> Terms:
    """The terms of a scenario's purchases, its own first."""
    country = catalog.buyers[scenario.buyer].country
    known = (*scenario.finance.payments, *catalog.payment_terms.values())
    return Terms(known, scenario.finance.deposit, country)


def record(book: Terms, systems: Iterable[ResolvedSystem], ledger: Ledger) -> None:
    """Note in the ledger which terms of the catalog are used."""
    for found in {terms.id: terms for system in systems if (terms := book.of(system)) and terms.source}.values():
        parts = " + ".join(f"{part.share:.0%} at {part.at}" for part in found.schedule)
        ledger.word(
            f"payment_terms.{found.id}.schedule",
            parts,
            source=found.source,
            confidence=found.confidence,
            as_of=found.as_of,
            note=found.note,
        )
