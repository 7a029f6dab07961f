"""The report of a plan: one file per section, in the order in which a reader decides."""

from planner.report.plan.report import plan_report as plan_report
