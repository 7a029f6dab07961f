"""The judgement of one action in one case on one day: every rule that bears on it, and what they say together."""

from dataclasses import dataclass, replace
from datetime import date

from planner.policy.case import Case
from planner.policy.effect import REVIEW_OUTCOME, Action, Gate
from planner.policy.hits import Outcome, RuleHit, because, hit, ordered
from planner.policy.predicate import Truth, conjunction, disjunction
from planner.policy.regime import Bearing, Regime

_ADVICE: dict[str, Outcome] = {"guidance": "advises", "proposed": "proposed", "pending": "proposed"}
"""How statuses that do not bind are shown; others (withdrawn, dropped, ...) are not."""
_VERDICTS: dict[Truth, Outcome] = {True: "allows", False: "denies", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """`allowed` is None when it is unknown and nothing settles it; `settled` when an assumption did."""

    allowed: Truth
    rules: tuple[RuleHit, ...]
    settled: bool = False


def judge(case: Case, action: Action, day: date, regime: Regime, *, acquired_on: date | None = None) -> Judgement:
    """Whether `action` is allowed: the gates of all jurisdictions must be open, and an unknown gate is not open.

    `acquired_on` is the day on which the units in question were acquired, for rules that exempt older ones.
    """
    verdicts: list[Truth] = []
    hits: list[RuleHit] = []
    for bearing in regime.bearings(action, day):
        spec = bearing.effect.spec
        found: RuleHit | None
        if isinstance(spec, Gate) and action in spec.gates and regime.binds(bearing.rule):
            verdict, found = _gate(case, bearing, spec, regime, (day, acquired_on))
            verdicts.append(verdict)
        else:
            found = remark(case, bearing, regime)
        if found is not None:
            hits.append(found)
    allowed = conjunction(tuple(verdicts))
    if allowed is None and regime.assume_unknown is not None:
        return Judgement(regime.assume_unknown == "allow", ordered(map(_assumed, hits)), settled=True)
    return Judgement(allowed, ordered(hits))


def _gate(
    case: Case, bearing: Bearing, spec: Gate, regime: Regime, days: tuple[date, date | None]
) -> tuple[Truth, RuleHit | None]:
    """What one gate says, and its hit; True where it does not concern the case. `days`: of the action, of acquiring."""
    rule, (day, acquired_on) = bearing.rule, days
    exempt = _exempt(spec, bearing.start, acquired_on)
    applies = conjunction((applies_to(case, bearing), None if exempt is None else not exempt))
    if applies is False:
        return True, _out_of_reach(case, bearing)
    licence = regime.licences.get(rule.id)
    outcome = licence.outcome if licence else REVIEW_OUTCOME[spec.review]
    verdict = outcome if applies else (True if outcome is True else None)
    why = _why(case, bearing)
    lanes = [(o, conjunction((case.match(o).all, active))) for o, active in regime.relaxers(rule, day)]
    lane = disjunction(tuple(truth for _, truth in lanes))
    state = _VERDICTS[verdict]
    if verdict is not True and lane is not False:
        names = ", ".join(other.id for other, truth in lanes if truth is not False)
        why = f"{'gives' if lane else 'may give'} way to {names}; {why}"
        verdict, state = (True, "relaxed") if lane else (None, "unknown")
    found = hit(
        rule,
        bearing.effect,
        state,
        why,
        bearing.start,
        review=spec.review,
        delay=licence.delay if licence else spec.delay,
        probability=licence.probability if licence else spec.probability,
        settled_by="licences" if licence and licence.outcome is not None else None,
    )
    return verdict, found


def applies_to(case: Case, bearing: Bearing) -> Truth:
    """Whether the effect concerns the case."""
    return conjunction((case.match(bearing.rule).all, case.when(bearing.effect), bearing.active))


def _exempt(spec: Gate, start: date | None, acquired_on: date | None) -> Truth:
    """True for units acquired before a grandfathering effect began; unknown when their age is."""
    if not getattr(spec, "grandfathered", False) or start is None:
        return False
    return None if acquired_on is None else acquired_on < start


def remark(case: Case, bearing: Bearing, regime: Regime, *, may: bool = False) -> RuleHit | None:
    """The hit of an effect that closes nothing: an obligation, a cancellation, or advice that does not bind.

    None when the case is not covered, or, unless `may`, when that is not known.
    """
    rule, spec = bearing.rule, bearing.effect.spec
    outcome = "obliges" if regime.binds(rule) else _ADVICE.get(rule.spec.status)
    truth = applies_to(case, bearing)
    if outcome is None or truth is False or (truth is None and not may):
        return None
    if spec.type == "pending_order_cancelled" and outcome == "obliges":
        outcome = "cancels"
    refund = getattr(spec, "refund_share", None)
    return hit(rule, bearing.effect, outcome, _why(case, bearing), bearing.start, refund_share=refund)


def _out_of_reach(case: Case, bearing: Bearing) -> RuleHit | None:
    """A hit that explains why a rule whose threshold is met does not bind: it does not reach the transaction."""
    match = case.match(bearing.rule)
    if match.reach is not False or not match.covered or not match.scope or not case.when(bearing.effect):
        return None
    why = because((bearing.rule.reach,), case.facts.values, case.book.vocabulary)
    return hit(bearing.rule, bearing.effect, "out_of_reach", why, bearing.start)


def _why(case: Case, bearing: Bearing) -> str:
    def tell() -> str:
        rule = bearing.rule
        parts = (rule.scope, bearing.effect.when, rule.covered, rule.reach)
        return because(parts, case.facts.values, case.book.vocabulary)

    return case.once(bearing.effect, tell)


def _assumed(found: RuleHit) -> RuleHit:
    return replace(found, settled_by="assume_unknown") if found.outcome == "unknown" else found
