"""The ground floor: ids, days and calendars, person names, problems. Plain Python that knows no domain and does no I/O."""
