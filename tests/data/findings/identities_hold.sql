-- The forms add up, within themselves, with each other and from year to year, but for what seeds/known_discrepancy.csv lists.
-- A publisher's mistake is told and stops nothing.
{{ config(severity='warn') }}
{{ new_findings(['within_form', 'across_forms', 'across_documents']) }}
