"""Budget against outcome of one department: in total, by functional class, and of the three public expenses.

python notebooks/budget_against_outcome.py -- --warehouse warehouse --department 云岭省澜溪市财政局 --year 2023 --language zh
marimo run notebooks/budget_against_outcome.py -- --warehouse warehouse
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="预算与决算 Budget against outcome")


@app.cell
def _():
    import marimo as mo

    from reporting import figures, notebook

    return figures, mo, notebook


@app.cell
def _(notebook):
    opened = notebook.open_page("department", "year", "kind", "scope")
    return (opened,)


@app.cell
def _(notebook, opened):
    with notebook.told(is_script=opened.is_script):
        _asked = opened.department_key(opened.arguments.get("department"))
    department = opened.department_control(_asked)
    language = opened.language_control()
    return department, language


@app.cell
def _(department, language, notebook, opened):
    page = opened.in_language(language.value)
    kind, year = notebook.disclosure_controls(page, department.value)
    return kind, page, year


@app.cell
def _(department, figures, kind, page):
    subject = figures.Subject.of(page, [department.value], kind.value)
    return (subject,)


@app.cell
def _(department, kind, language, mo, page, subject, year):
    mo.vstack(
        [
            mo.hstack([department, kind, year, language], justify="start", wrap=True),
            page.heading(
                f"{page.name(subject.key)}：预算与决算", f"{page.name(subject.key)}: budget against outcome", subject.keys
            ),
        ]
    )
    return


@app.cell
def _(figures, page, subject):
    figures.budget_and_outcome(page, subject)
    return


@app.cell
def _(figures, page, subject):
    figures.metrics_of_department(page, subject, ["execution_rate"], page.say("历年预算执行率", "Execution rate over the years"))
    return


@app.cell
def _(figures, page, subject, year):
    figures.budget_and_outcome_by_class(page, subject, year.value)
    return


@app.cell
def _(figures, page, subject):
    figures.three_public_budget_and_outcome(page, subject)
    return


if __name__ == "__main__":
    app.run()
