"""Departments compared across years, by any metric of the warehouse.

python notebooks/compare_departments.py -- --warehouse warehouse --department 财政局,教育局 --metric basic_share --language zh
marimo run notebooks/compare_departments.py -- --warehouse warehouse
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="部门比较 Departments compared")


@app.cell
def _():
    import marimo as mo

    from reporting import figures, notebook

    return figures, mo, notebook


@app.cell
def _(notebook):
    opened = notebook.open_page("department", "metric", "kind", "scope")
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
    kind, metric = notebook.comparison_controls(page, keys)
    return kind, metric


@app.cell
def _(figures, keys, kind, page):
    subject = figures.Subject.of(page, keys, kind.value)
    return (subject,)


@app.cell
def _(departments, keys, kind, language, metric, mo, page):
    mo.vstack(
        [
            departments,
            mo.hstack([metric, kind, language], justify="start", wrap=True),
            page.heading("部门比较", "Departments compared", keys),
        ]
    )
    return


@app.cell
def _(figures, metric, page, subject):
    figures.metric_of_departments(page, subject, metric.value, metric.selected_key)
    return


@app.cell
def _(figures, page, subject):
    figures.departments_side_by_side(
        page,
        subject,
        ["basic_expenditure", "project_expenditure"],
        page.say("基本支出与项目支出", "Basic and project expenditure"),
    )
    return


@app.cell
def _(figures, page, subject):
    figures.metric_of_departments(page, subject, "expenditure_growth", page.say("支出增长率", "Growth of expenditure"))
    return


if __name__ == "__main__":
    app.run()
