#!/usr/bin/env python3
"""Writes src/process/calendar/ru.txt from PyPI's `holidays`: `pip install holidays==0.109`, then run it.

A year is taken only once its moved days are decreed: until then half of the calendar would be guessed.
Days before a holiday are an hour shorter (article 95 of the Labour Code); a day that is worked in place
of such a day is, too.
"""

import datetime
import sys

import holidays
from holidays.countries.russia import RussiaStaticHolidays

YEARS = range(2025, datetime.date.today().year + 3)
DAY = datetime.timedelta(days=1)


def decreed(year):
    return year in RussiaStaticHolidays.special_public_holidays


def instead(of, day):
    """The day off that this day is worked for, or the day itself."""
    sign = f"(substituted from {day:%m/%d/%Y})"
    return next((off for off, name in of.items() if sign in name), day)


def lines(year):
    of = holidays.country_holidays("RU", years=[year])
    around = holidays.country_holidays("RU", years=[year, year + 1])
    on = sorted(of.weekend_workdays)
    named = lambda day: day in around and "substituted" not in around[day] and "observed" not in around[day]
    works = lambda day: day in on or (day.weekday() < 5 and day not in of)
    day = datetime.date(year, 1, 1)
    short = []
    while day.year == year:
        if works(day) and (named(day + DAY) or named(instead(of, day) + DAY)):
            short.append(day)
        day += DAY
    for word, days in (("off", [d for d in sorted(of) if d.weekday() < 5]), ("on", on), ("short", short)):
        for day in days:
            yield f"{word} {day}"


def main():
    years = [year for year in YEARS if decreed(year)]
    out = [
        "# The Russian production calendar. Written by scripts/production-calendar.py.",
        f"source PyPI holidays {holidays.__version__}",
        "years " + " ".join(map(str, years)),
    ]
    for year in years:
        out += lines(year)
    sys.stdout.write("\n".join(out) + "\n")


main()
