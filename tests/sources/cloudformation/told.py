"""What a JSON report tells of a run of several templates."""


def verdicts(report):
    """Return verdicts by mapping."""
    return {each["id"]: each["verdict"] for each in report["mappings"]}


def problems(report, kind="problem"):
    """Return the rules that find something of a kind, each with the file in which it stands."""
    return {
        (each["rule"], each["location"].get("file"))
        for each in report["findings"]
        if each["kind"] == kind
    }


def rules(report, kind="problem"):
    """Return the rules that find something of a kind."""
    return {rule for rule, _ in problems(report, kind)}
