"""Profile of one department: its figures, where its money comes from and goes to, and what does not agree.

python notebooks/department_profile.py -- --warehouse warehouse --department 云岭省澜溪市财政局 --year 2023 --language zh
marimo run notebooks/department_profile.py -- --warehouse warehouse
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="部门概况 Department profile")


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
            page.heading(f"{page.name(subject.key)}：概况", f"{page.name(subject.key)}: profile", subject.keys),
        ]
    )
    return


@app.cell
def _(figures, page, subject, year):
    figures.key_figures(page, subject, year.value)
    return


@app.cell
def _(figures, page, subject):
    figures.metrics_of_department(
        page,
        subject,
        ["total_expenditure", "basic_expenditure", "project_expenditure"],
        page.say("历年支出", "Expenditure over the years"),
    )
    return


@app.cell
def _(figures, page, subject, year):
    figures.income_to_expenditure(page, subject, year.value)
    return


@app.cell
def _(figures, page, subject, year):
    figures.by_function(page, subject, year.value)
    return


@app.cell
def _(figures, page, subject, year):
    figures.by_economic_class(page, subject, year.value)
    return


@app.cell
def _(figures, page, subject):
    figures.findings(page, subject.keys)
    return


@app.cell
def _(figures, page, subject):
    figures.quality(page, subject.keys)
    return


if __name__ == "__main__":
    app.run()
