"""Quality of disclosures: forms that are missing, how much was checked, and what does not agree.

python notebooks/disclosure_quality.py -- --warehouse warehouse --department 云岭省澜溪市财政局 --language zh
marimo run notebooks/disclosure_quality.py -- --warehouse warehouse
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="公开质量 Quality of disclosures")


@app.cell
def _():
    import marimo as mo

    from reporting import figures, notebook

    return figures, mo, notebook


@app.cell
def _(notebook):
    opened = notebook.open_page("department")
    return (opened,)


@app.cell
def _(notebook, opened):
    with notebook.told(is_script=opened.is_script):
        _asked = opened.department_keys(opened.arguments.get("department"), most=None)
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
def _(departments, keys, language, mo, page):
    mo.vstack(
        [
            departments,
            mo.hstack([language], justify="start"),
            page.heading("公开质量", "Quality of disclosures", keys),
        ]
    )
    return


@app.cell
def _(figures, keys, page):
    figures.findings_by_family(page, keys)
    return


@app.cell
def _(figures, keys, page):
    figures.findings(page, keys)
    return


@app.cell
def _(figures, keys, page):
    figures.quality(page, keys)
    return


if __name__ == "__main__":
    app.run()
