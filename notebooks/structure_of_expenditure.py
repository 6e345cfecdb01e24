"""What one department spends on, by function (功能分类), and what it buys, by economic class (经济分类), over the years.

python notebooks/structure_of_expenditure.py -- --warehouse warehouse --department 云岭省澜溪市财政局 --year 2023 --language zh
marimo run notebooks/structure_of_expenditure.py -- --warehouse warehouse
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="支出结构 Structure of expenditure")


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
                f"{page.name(subject.key)}：支出结构", f"{page.name(subject.key)}: structure of expenditure", subject.keys
            ),
        ]
    )
    return


@app.cell
def _(figures, page, subject, year):
    figures.by_function(page, subject, year.value)
    return


@app.cell
def _(figures, page, subject):
    figures.by_function_over_years(page, subject)
    return


@app.cell
def _(figures, page, subject):
    figures.shares_over_years(page, subject)
    return


@app.cell
def _(figures, page, subject, year):
    figures.by_economic_class(page, subject, year.value)
    return


@app.cell
def _(figures, page, subject):
    figures.by_economic_class_over_years(page, subject)
    return


if __name__ == "__main__":
    app.run()
