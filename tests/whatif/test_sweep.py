"""A sweep gives the same wherever and however often it is made; killed, it goes on; single failures end nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import planner
from planner.analysis.runner import Shard
from planner.analysis.whatif import run_whatifs
from planner.cli.main import app
from planner.errors import InputError
from planner.plan.solve import Options, solve
from planner.scenario.load import load_scenario, patched

TINY = Path(__file__).parents[1] / "report" / "tiny.yaml"
SWEEP = Path(__file__).with_name("sweep.yaml")


@pytest.fixture(scope="module")
def tiny():
    return load_scenario(TINY)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("sweep") / "runs"


@pytest.fixture(scope="module")
def found(tiny, store):
    """The sweep, made in processes and kept."""
    return run_whatifs(tiny, SWEEP, out=store)


def content(found) -> list[tuple]:
    """Everything that must not depend on where a run was made."""
    return [(a.id, a.status, a.key, a.objective, a.bound, a.why, json.dumps(a.plan and a.plan["frames"]["builds"]))
            for a in found.answers]  # fmt: skip


def test_every_run_is_the_plan_that_solve_finds(tiny, found):
    by_id = {answer.id: answer for answer in found.answers}
    same = {
        "rules-off": {"policy.without": ["XA"]},
        "dear-power": {"facts": {"regions.plain.tariff": "x 2"}},
        "rules-off+dear-power": {"policy.without": ["XA"], "facts": {"regions.plain.tariff": "x 2"}},
        "chips/0.5/base": {"facts": {"systems.red-4.price": "x 0.5"}},
    }
    for name, patch in same.items():
        plan = solve(patched(tiny, patch), Options(counterfactuals=False))
        assert by_id[name].objective == pytest.approx(plan.objective, rel=1e-9)
    assert by_id["too-much"].status == "infeasible"
    assert "dense" in by_id["too-much"].why


def test_in_this_process_it_is_the_same_and_counted_on_the_way(tiny, found):
    seen = []
    here = run_whatifs(
        tiny, SWEEP, workers=0, told=lambda tally: seen.append((tally.done, tally.failed, tally.feasible))
    )
    assert content(here) == content(found)
    assert [entry[0] for entry in seen] == sorted(entry[0] for entry in seen)
    assert seen[-1][0] == seen[-1][1] + seen[-1][2] == len(found.answers)
    assert seen[-1][1] == sum(answer.plan is None for answer in found.answers)


@pytest.mark.filterwarnings("ignore")
def test_on_a_cluster_it_is_the_same_though_a_worker_is_killed(tiny, found):
    distributed = pytest.importorskip("distributed")
    killed = []
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as local:
        pids = [worker.pid for worker in local.workers.values()]

        def kill_one(tally):
            if tally.done == 3 and not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        there = run_whatifs(tiny, SWEEP, told=kill_one, scheduler=local.scheduler_address)
    assert killed
    assert content(there) == content(found)


def test_a_scheduler_that_does_not_answer_is_told(tiny, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("planner.analysis.executors.CONNECT_S", 0.5)
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        run_whatifs(tiny, SWEEP, scheduler="tcp://127.0.0.1:1")


def test_made_again_it_takes_every_run_from_the_store(tiny, found, store):
    before = {path: path.stat().st_mtime_ns for path in (store / "runs").iterdir()}
    again = run_whatifs(tiny, SWEEP, out=store)
    assert content(again) == content(found)
    assert all(answer.reused for answer in again.answers)
    assert {path: path.stat().st_mtime_ns for path in (store / "runs").iterdir()} == before


def test_it_loads_in_one_line(found, store):
    frame = planner.load_runs(store)
    assert set(frame["run"]) == {answer.id for answer in found.answers}
    assert frame.set_index("run").loc["base", "objective"] == pytest.approx(found.base.objective)
    assert frame["set.tariff"].notna().sum() == 4
    assert frame[frame["run"] == "too-much"]["failure"].item()
    assert frame["status"].notna().all()


def test_in_parts_it_is_the_same(tiny, found, tmp_path):
    for number in (1, 2, 3):
        run_whatifs(tiny, SWEEP, out=tmp_path / "s", shard=Shard(number, 3), workers=0)
    whole = run_whatifs(tiny, SWEEP, out=tmp_path / "s", workers=0)
    assert all(answer.reused for answer in whole.answers)
    assert content(whole) == content(found)


@pytest.mark.skipif(sys.platform != "linux", reason="children of a process are listed by the kernel")
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_a_sweep_ends_its_workers(tmp_path, by):
    """SIGTERM, as batch queues send it, ends as Ctrl-C does; nothing is left behind after SIGKILL either."""
    store = tmp_path / "s"
    command = [sys.executable, "-m", "planner", "whatif", str(TINY), str(SWEEP), "--out", str(store), "--workers", "1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(list((store / "runs").glob("*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    tasks = Path(f"/proc/{process.pid}/task")
    workers = {int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()}
    assert len(workers) == 1
    process.send_signal(by)
    told = process.communicate(timeout=20)[1]
    while any(alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in workers)
    if by == signal.SIGTERM:
        assert process.returncode == 130
        assert "runs were not made; the same command goes on from there" in told
        assert (store / "asked.json").exists()


def alive(pid: int) -> bool:
    """Whether a process is there and not just a name that nobody has asked after."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_killed_and_made_again_it_is_the_same(found, tmp_path):
    store = tmp_path / "s"
    command = [sys.executable, "-m", "planner", "whatif", str(TINY), str(SWEEP), "--out", str(store), "--workers", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(list((store / "runs").glob("*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    made = len(list((store / "runs").glob("*.json")))
    assert 3 <= made < len({answer.key for answer in found.answers})
    assert len(planner.load_runs(store)) == made
    assert subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
    ours = planner.load_runs(store).set_index("run").drop(columns="seconds").sort_index()
    whole = pd.read_csv(store / "runs.csv").set_index("run").drop(columns="seconds").sort_index()
    assert list(ours.index) == sorted(answer.id for answer in found.answers)
    for answer in found.answers:
        assert ours.loc[answer.id, "key"] == answer.key
        cost = ours.loc[answer.id, "objective"]
        assert pd.isna(cost) if answer.objective is None else cost == pytest.approx(answer.objective, rel=1e-12)
    assert list(whole["key"]) == list(ours["key"])


def test_runs_of_other_inputs_are_never_mixed(tiny, found, store, tmp_path):
    with pytest.raises(InputError, match="the scenario differs"):
        run_whatifs(patched(tiny, {"finance.discount_rate": "9 %/yr"}), SWEEP, out=store)
    with pytest.raises(InputError, match="the scenario and the catalog differ"):
        run_whatifs(patched(tiny, {"facts": {"regions.plain.tariff": "x 2"}}), SWEEP, out=store)
    other = tmp_path / "other"
    (other).mkdir()
    (other / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="no store of runs"):
        run_whatifs(tiny, SWEEP, out=other)
    said = json.loads((store / "store.json").read_text())
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "store.json").write_text(json.dumps({**said, "format": 0}))
    with pytest.raises(InputError, match="format 0"):
        run_whatifs(tiny, SWEEP, out=tmp_path / "old")
    with pytest.raises(InputError, match="is no store of runs"):
        planner.load_runs(other)


def test_the_flip_is_where_the_frontier_of_feasibility_is(tiny, found):
    (flip,) = found.flips
    assert (flip.at_start, flip.at_end) == ("a plan", "no plan")
    assert 0 < flip.high - flip.low <= 20
    for factor, feasible in ((flip.low, True), (flip.high, False)):
        target = {label: factor * value for label, value in tiny.streams[0].target.steps.items()}
        scenario = patched(tiny, {"workloads.dense.target": {k: f"{v} tokens/s" for k, v in target.items()}})
        if feasible:
            assert solve(scenario, Options(counterfactuals=False)).verified
        else:
            with pytest.raises(planner.InfeasibleError):
                solve(scenario, Options(counterfactuals=False))


def test_a_date_may_flip_a_plan(tiny):
    asked = {
        "base": False,
        "break_even": [
            {"id": "refund", "set": "facts.policies.no-blue-imports.effective_from", "from": "2026-04-01",
             "to": "2026-12-31", "tolerance": 20, "until": {"cost": "18000 XTS"}}
        ],
    }  # fmt: skip
    (flip,) = run_whatifs(tiny, asked, workers=0).flips
    assert flip.at_start == "within"
    assert (flip.low is None) == (flip.at_end == "within")


def test_less_may_be_cheaper_and_the_frontier_says_what_is_beaten(found):
    costs = [point.objective for point in found.points]
    assert costs == sorted(costs)
    assert [point.limit for point in found.points] == [0.5, 1.25, 2]
    assert not found.points[0].dominated


def test_every_table_has_the_documented_columns(found):
    page = (Path(__file__).parents[2] / "docs" / "columns.md").read_text().split("## What-ifs")[1]
    for name, rows in found.tables.items():
        section = page.split(f"### {name}\n")[1].split("###")[0]
        documented = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
        assert not rows or list(rows[0]) == documented


def test_draws_are_summed_up(found):
    rows = {row["quantity"]: row["value"] for row in found.tables["draws"]}
    costs = [answer.objective for answer in found.answers if answer.kind == "draw"]
    assert rows["runs"] == 4
    assert rows["share with a plan"] == 1.0
    assert rows["mean cost"] == pytest.approx(sum(costs) / 4)
    assert rows["rank correlation of cost with tariff"] == pytest.approx(1.0)


def test_decisions_that_all_plans_share_are_in_every_plan(found):
    plans = [a.plan for a in found.answers if a.plan is not None and a.kind in ("base", "question", "combination")]
    rows = [row for row in found.tables["no_regret"] if row["decision"] == "order"]
    for row in rows:
        upto = [
            sum(b["systems"] for b in plan["frames"]["builds"]
                if b["system"] == row["item"] and b["order_period"] and b["order_period"] <= row["period"])
            for plan in plans
        ]  # fmt: skip
        already = sum(r["count"] for r in rows if r["item"] == row["item"] and r["period"] <= row["period"])
        assert already == min(upto)


def test_a_run_with_the_numbers_of_the_base_is_not_solved_again(tiny):
    found = run_whatifs(tiny, [{"id": "renamed", "set": {"title": "Another title"}}], workers=0)
    base, other = found.answers
    assert other.objective == base.objective


def test_the_command_says_how_many_and_writes_all(found, store):
    out = store
    result = CliRunner().invoke(app, ["whatif", str(TINY), str(SWEEP), "--out", str(out), "--workers", "0"])
    assert result.exit_code == 0, result.output
    assert "13 runs: 1 of base, 3 of questions, 1 of combinations, 4 of grids, 4 of draws" in result.stderr
    for title in ("Comparison", "Grids", "Draws", "Break-even", "Frontier"):
        assert title in result.stdout
    names = {path.name for path in out.iterdir()}
    assert {"runs.csv", "runs.parquet", "draws.csv", "break_even.csv", "frontier.csv", "coordinates.csv"} <= names
    assert len(pd.read_parquet(out / "runs.parquet")) == len(pd.read_csv(out / "runs.csv"))
    wrong = CliRunner().invoke(app, ["whatif", str(TINY), str(SWEEP), "--shard", "3/2", "--out", str(out)])
    assert wrong.exit_code == 2


NEAR = {
    "questions": [{"id": "open", "set": {"policy.without": ["XA"]}}],
    "near_optimal": {"within": "20 %", "count": 2},
}


def test_plans_nearly_as_good_are_kept_with_their_run(tiny, tmp_path):
    found = run_whatifs(tiny, NEAR, workers=0, out=tmp_path / "s")
    rows = found.tables["near_optimal"]
    assert {row["question"] for row in rows} == {"base", "open"}
    for answer in found.answers:
        own = [[o["system"], o["order_period"], o["systems"]] for o in answer.plan["frames"]["builds"]]
        for row in answer.near:
            assert answer.objective <= row["cost"] <= 1.2 * answer.objective * (1 + 1e-9)
            assert row["orders"] != own or row["differs"] > 0
    again = run_whatifs(tiny, NEAR, workers=0, out=tmp_path / "s")
    assert again.tables["near_optimal"] == rows
    assert all(answer.reused for answer in again.answers)
    few = run_whatifs(tiny, {**NEAR, "near_optimal": {"within": "20 %", "of": ["open"]}}, workers=0)
    assert {row["question"] for row in few.tables["near_optimal"]} == {"open"}
    assert "near_optimal" not in {
        key for key, rows in run_whatifs(tiny, NEAR["questions"], workers=0).tables.items() if rows
    }


@pytest.mark.parametrize(
    ("near", "said"),
    [
        ({"of": ["opem"]}, "did you mean 'open'"),
        ({"within": "0 %"}, "greater than 0"),
        ({"within": "80 %"}, "at most 0.5"),
        ({"count": 9}, "at most 4"),
        ({"share": "1 %"}, "share"),
    ],
)
def test_faults_of_what_is_nearly_as_good_are_told(tiny, near, said):
    with pytest.raises(InputError, match=said):
        run_whatifs(tiny, {**NEAR, "near_optimal": near}, workers=0)
