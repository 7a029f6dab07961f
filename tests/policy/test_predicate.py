"""Laws of the predicate language: three values, strict and non-strict bounds, intervals, sets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.policy.predicate import (
    All,
    Either,
    Interval,
    Leaf,
    Not,
    conjunction,
    deciding,
    disjunction,
    evaluate,
    fields,
    negation,
)

NAMES = ("chip.tpp", "chip.die", "chip.io")
truths = st.sampled_from([True, False, None])
leaves = st.builds(Leaf, st.sampled_from(NAMES), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 5))
predicates = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, max_size=3).map(lambda parts: Either(tuple(parts)))
    ),
    max_leaves=8,
)
complete = st.fixed_dictionaries({name: st.integers(0, 5) for name in NAMES})


@given(predicates, complete, st.sets(st.sampled_from(NAMES)))
def test_forgetting_a_fact_never_turns_true_into_false_or_back(predicate, facts, forgotten):
    """A missing fact can only make an answer unknown: it never passes as legal, nor as illegal."""
    bare = {name: None if name in forgotten else value for name, value in facts.items()}
    assert evaluate(predicate, bare) in (None, evaluate(predicate, facts))


@given(predicates, complete, st.integers(0, 2))
def test_a_range_is_right_for_every_number_in_it(predicate, facts, width):
    """An answer from an interval holds for each value the interval may stand for."""
    vague = facts | {"chip.tpp": Interval(facts["chip.tpp"], facts["chip.tpp"] + width)}
    answer = evaluate(predicate, vague)
    if answer is not None:
        for value in range(facts["chip.tpp"], facts["chip.tpp"] + width + 1):
            assert evaluate(predicate, facts | {"chip.tpp": value}) is answer


@given(st.lists(truths, max_size=4))
def test_de_morgan(values):
    """Not all is any not, in three values too."""
    assert negation(conjunction(tuple(values))) is disjunction(tuple(map(negation, values)))


@given(predicates, complete, st.sets(st.sampled_from(NAMES)))
def test_the_deciding_leaves_decide(predicate, facts, forgotten):
    """Facts of other fields can be forgotten without changing the answer."""
    known = {name: None if name in forgotten else value for name, value in facts.items()}
    answer = evaluate(predicate, known)
    kept = {leaf.field for leaf in deciding(predicate, known)}
    assert kept <= fields(predicate)
    if answer is not None:
        assert evaluate(predicate, {name: known[name] for name in kept}) is answer


@pytest.mark.parametrize(
    ("op", "at", "above"), [("<", False, False), ("<=", True, False), (">", False, True), (">=", True, True)]
)
def test_bounds_are_strict_where_they_say_so(op, at, above):
    leaf = Leaf("chip.tpp", op, 4800.0)
    assert evaluate(leaf, {"chip.tpp": 4800.0}) is at
    assert evaluate(leaf, {"chip.tpp": 4800.5}) is above


def test_a_field_of_several_values_matches_by_any_of_them():
    facts = {"chip.sku": frozenset({"h20", "nvidia-h20-96gb"}), "buyer.tags": frozenset()}
    assert evaluate(Leaf("chip.sku", "==", "h20"), facts) is True
    assert evaluate(Leaf("chip.sku", "!=", "h20"), facts) is False
    assert evaluate(Leaf("chip.sku", "in", frozenset({"l20", "h20"})), facts) is True
    assert evaluate(Leaf("chip.sku", "not_in", frozenset({"l20"})), facts) is True
    assert evaluate(Leaf("buyer.tags", "contains", "state-funded"), facts) is False, "tags are complete"


def test_empty_all_is_true_and_empty_any_is_false():
    assert evaluate(All(), {}) is True
    assert evaluate(Either(), {}) is False
