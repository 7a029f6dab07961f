"""The world as a catalog tells it: its facts, what supply there is, and what policy permits."""

from datetime import date, timedelta
from typing import Any

from planner.catalog.national import component_supply, national_supply
from planner.plan.verify.facts import CatalogFacts
from planner.plan.verify.world import Cancellation
from planner.policy.effect import Action
from planner.policy.permissions import Obligation
from planner.scenario.model import Scope
from planner.scenario.periods import Period


class CatalogWorld(CatalogFacts):
    """Answers of a catalog to the check."""

    def national_supply(self, accelerator: str, period: Period) -> float | None:
        """Accelerators of the whole country in a period."""
        return national_supply(
            self.catalog,
            accelerator,
            period.start,
            period.end,
            self.scenario.values,
            choices=self.scenario.supply.choices,
            known_by=self._known_by,
        ).accelerators

    @property
    def exempts(self) -> bool:
        """Whether any rule spares what was acquired before it."""
        return self.permissions.exempts

    def refusal(
        self, action: Action, accelerator: str, site: str | None, period: int, acquired: date | None = None
    ) -> str | None:
        """Why an action is not permitted; None when it is."""
        if self.permissions.allowed(action, accelerator, site, period, acquired):
            return None
        hits = self.permissions.why(action, accelerator, site, period)
        return f"{hits[0].rule_id} ({hits[0].summary})" if hits else "no rule allows it"

    def licence_delay(self, accelerator: str, period: int) -> float:
        """Hours that a licence adds to the lead time."""
        return self.permissions.delay_h("order", accelerator, period)

    def duty(self, accelerator: str, period: int) -> float:
        """Tariff on a delivery, share of the price."""
        return self.permissions.surcharge(accelerator, period)

    def cancelled(self, accelerator: str, placed: date, due: date) -> Cancellation | None:
        """The rule that voids an order placed and due on these days."""
        hit = self.permissions.cancelled(accelerator, placed, due)
        return Cancellation(hit.rule_id, hit.refund_share) if hit is not None else None

    def attrition(self, accelerator: str, site: str, period: int) -> float | None:
        """Share lost per year that the rules against service state."""
        return self.permissions.attrition(accelerator, site, period)

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """What rules demand of what they allow."""
        return self.permissions.obligations

    def means(self, scope: Scope, accelerator: str) -> bool:
        """Whether a scope of the scenario means an accelerator; the unknown counts unless it is taken as allowed."""
        chip, country = self.catalog.accelerators[accelerator], self.permissions.buyer.country
        asked: list[tuple[Any, Any]] = [
            (scope.accelerators, accelerator),
            (scope.vendors, chip.vendor),
            (scope.families, chip.family),
            (scope.countries, chip.country_of_design),
        ]
        if any(wanted and value not in wanted for wanted, value in asked):
            return False
        if scope.domestic is not None and (chip.country_of_design == country) != scope.domestic:
            return False
        truth = True if scope.where is None else self.permissions.matches(scope.where, accelerator)
        return bool(self.scenario.policy.assume_unknown == "deny" if truth is None else truth)

    def part_supply(self, component: str, period: int) -> tuple[float | None, float | None]:
        """Parts made in a period, and those in stock on its first day."""
        when, level = self.scenario.calendar[period], self.scenario.values
        choices = self.scenario.supply.choices
        by, next_day = self._known_by, when.start + timedelta(days=1)
        made = component_supply(self.catalog, component, when.start, when.end, level, choices=choices, known_by=by)
        there = component_supply(self.catalog, component, when.start, next_day, level, known_by=by)
        return made.produced, there.stock

    @property
    def _known_by(self) -> date | None:
        """The day after which a supply record comes too late to count."""
        return None if self.scenario.supply.hindsight == "allow" else self.scenario.knowledge_date

    def part_stopped(self, component: str, period: int) -> bool:
        """Whether a rule keeps a part from coming in."""
        entry = self.catalog.components.get(component)
        facts = entry.policy_facts if entry is not None else {}
        return bool(facts) and self.permissions.part(facts, period).allowed is not True
