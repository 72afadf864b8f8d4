"""The Kaplan–Meier estimate of the share of links that exist after a number of days.

The product-limit estimator for right-censored data (Kaplan and Meier, 1958) with Greenwood's
variance on the log-log scale, which keeps the band within 0 and 1.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

from linkcheck.model.run_history import Lifetime

_Z = 1.959964
"""The 97.5th percentile of the normal distribution, for a 95 percent confidence band."""


@dataclass(frozen=True, slots=True)
class Step:
    """The estimate from a day on."""

    days: float
    share: float
    low: float
    high: float
    at_risk: int
    """Cases under observation before that day."""


def estimate_survival(lifetimes: Iterable[Lifetime]) -> tuple[Step, ...]:
    """Return the estimate as steps, one for each day with a death.

    The first step is day 0, with a share of 1.
    """
    cases = tuple(lifetimes)
    deaths = Counter(case.days for case in cases if case.ended)
    exits = Counter(case.days for case in cases)
    at_risk = len(cases)
    share, greenwood = 1.0, 0.0
    steps = [Step(0.0, 1.0, 1.0, 1.0, at_risk)]
    for days in sorted(exits):
        if died := deaths[days]:
            share *= 1 - died / at_risk
            if at_risk > died:
                greenwood += died / (at_risk * (at_risk - died))
            steps.append(Step(days, share, *_confidence_band(share, greenwood), at_risk))
        at_risk -= exits[days]
    return tuple(steps)


def _confidence_band(share: float, greenwood: float) -> tuple[float, float]:
    if not 0 < share < 1:
        return share, share
    spread = _Z * sqrt(greenwood) / log(share)
    one, other = share ** exp(spread), share ** exp(-spread)
    return min(one, other), max(one, other)
