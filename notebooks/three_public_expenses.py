"""The three public expenses (“三公”经费) of departments over time: in total, by part, a head, and who spends most.

python notebooks/three_public_expenses.py -- --warehouse warehouse --department 财政局,教育局 --year 2023 --language zh
marimo run notebooks/three_public_expenses.py -- --warehouse warehouse
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="“三公”经费 Three public expenses")


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
        _asked = opened.department_keys(opened.arguments.get("department"))
    departments = opened.departments_control(_asked)
    language = opened.language_control()
    return departments, language


@app.cell
def _(departments, language, notebook, opened):
    page = opened.in_language(language.value)
    with notebook.told(is_script=page.is_script):
        keys = page.some_department(departments.value)
    return keys, page


@app.cell
def _(keys, notebook, page):
    kind, year = notebook.disclosure_controls(page, keys[0])
    return kind, year


@app.cell
def _(figures, keys, kind, page):
    subject = figures.Subject.of(page, keys, kind.value)
    return (subject,)


@app.cell
def _(departments, keys, kind, language, mo, page, year):
    mo.vstack(
        [
            departments,
            mo.hstack([kind, year, language], justify="start", wrap=True),
            page.heading("“三公”经费", "Three public expenses", keys),
        ]
    )
    return


@app.cell
def _(figures, page, subject):
    figures.metric_of_departments(
        page, subject, "three_public_expenses", page.say("历年“三公”经费", "Three public expenses over the years")
    )
    return


@app.cell
def _(figures, page, subject):
    figures.three_public_by_part(page, subject)
    return


@app.cell
def _(figures, page, subject):
    figures.metric_of_departments(
        page, subject, "three_public_per_head", page.say("人均“三公”经费", "Three public expenses per head")
    )
    return


@app.cell
def _(figures, page, subject):
    figures.metric_of_departments(
        page, subject, "three_public_growth", page.say("“三公”经费增长率", "Growth of three public expenses")
    )
    return


@app.cell
def _(figures, page, subject, year):
    figures.three_public_ranking(page, subject, year.value)
    return


if __name__ == "__main__":
    app.run()
